using IpvsSync.Linux.Interop;

namespace IpvsSync.Linux.Bpf;

/// <summary>Memory of the kernel that this process maps. It stays mapped until this object is disposed, whatever becomes of the descriptor.</summary>
internal sealed unsafe class MappedMemory : IDisposable
{
    private readonly nuint _length;

    private MappedMemory(byte* start, nuint length)
    {
        Start = start;
        _length = length;
    }

    /// <summary>The first byte.</summary>
    public byte* Start { get; private set; }

    /// <summary>Maps a part of what a descriptor stands for.</summary>
    /// <param name="handle">The descriptor.</param>
    /// <param name="offset">Where the part begins, a multiple of a page.</param>
    /// <param name="length">Bytes.</param>
    /// <param name="isWritable">Whether this process may write there.</param>
    /// <exception cref="KernelException">The kernel refused.</exception>
    public static MappedMemory Map(KernelHandle handle, long offset, long length, bool isWritable)
    {
        int protection = LinuxMman.PROT_READ | (isWritable ? LinuxMman.PROT_WRITE : 0);
        byte* start = Libc.MemoryMap(null, (nuint)length, protection, LinuxMman.MAP_SHARED, handle.Descriptor, (nint)offset);
        if (start == LinuxMman.MAP_FAILED)
            throw KernelException.FromLastCall("map the feed's memory");
        return new MappedMemory(start, (nuint)length);
    }

    /// <summary>Nothing may use the memory any more.</summary>
    public void Dispose()
    {
        if (Start is null)
            return;
        _ = Libc.MemoryUnmap(Start, _length);
        Start = null;
    }
}
