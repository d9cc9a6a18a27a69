using IpvsSync.Linux.Interop;

namespace IpvsSync.Linux.Memory;

/// <summary>
/// Places that never move, outside the garbage collector's heap: the address space for all of them is reserved at once, and memory is
/// taken step by step as they are handed out, so that growing neither copies nor collects. In large pages where the kernel has them.
/// Given back when nobody holds the array any more: no reference to a place is good without it.
/// </summary>
/// <typeparam name="T">What lies in a place; zero at first. If its size divides 64, no place lies across two cache lines.</typeparam>
public sealed unsafe class ReservedArray<T>
    where T : unmanaged
{
    /// <summary>Bytes of a step: a large page.</summary>
    private const int StepBytes = 2 << 20;

    private const int MapFlags = LinuxMman.MAP_PRIVATE | LinuxMman.MAP_ANONYMOUS | LinuxMman.MAP_NORESERVE;

    private readonly Lock _growing = new();
    private readonly byte* _mapping;
    private readonly nuint _mapped;
    private readonly T* _first;
    private readonly int _capacity;
    private nuint _opened;
    private int _length;
    private int _taken;

    /// <summary>Reserves room for <paramref name="capacity"/> places.</summary>
    /// <param name="capacity">Places at most.</param>
    /// <param name="isDense">Whether they will be used one beside the other, so that large pages are worth their size.</param>
    /// <exception cref="KernelException">The kernel refuses.</exception>
    public ReservedArray(int capacity, bool isDense)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(capacity);
        _capacity = capacity;
        _mapped = (((nuint)capacity * (nuint)sizeof(T) / StepBytes) + 2) * StepBytes;
        _mapping = Libc.MemoryMap(null, _mapped, LinuxMman.PROT_NONE, MapFlags, -1, 0);
        if (_mapping == LinuxMman.MAP_FAILED)
            throw KernelException.FromLastCall("reserve memory");
        // The kernel gives large pages only where they begin at a multiple of their size.
        _first = (T*)(((nuint)_mapping + StepBytes - 1) / StepBytes * StepBytes);
        if (isDense)
            _ = Libc.MemoryAdvise(_mapping, _mapped, LinuxMman.MADV_HUGEPAGE);
        Open(1);
    }

    /// <summary>Gives everything back.</summary>
    ~ReservedArray()
    {
        if (_mapping != null && _mapping != LinuxMman.MAP_FAILED)
            _ = Libc.MemoryUnmap(_mapping, _mapped);
    }

    /// <summary>Places that may be touched; at least one. Any thread may ask.</summary>
    public int Length => Volatile.Read(ref _length);

    /// <summary>The place with this number. Which thread may touch it is the caller's affair.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not below <see cref="Length"/>.</exception>
    public ref T this[int place]
    {
        get
        {
            if ((uint)place >= (uint)_length)
                ThrowNoSuchPlace();
            return ref _first[place];
        }
    }

    /// <summary>Hands out the next <paramref name="count"/> places, for good. Any thread may call it.</summary>
    /// <returns>The number of the first.</returns>
    /// <exception cref="InvalidOperationException">There are no more.</exception>
    /// <exception cref="KernelException">The kernel refuses.</exception>
    public int Take(int count)
    {
        lock (_growing)
        {
            int first = _taken;
            if (count > _capacity - first)
                throw new InvalidOperationException("All places are taken.");
            Open(first + count);
            _taken = first + count;
            return first;
        }
    }

    /// <summary>Places side by side.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not all below <see cref="Length"/>.</exception>
    public Span<T> Slice(int first, int count)
    {
        if ((ulong)(uint)first + (uint)count > (uint)_length)
            ThrowNoSuchPlace();
        return new Span<T>(_first + first, count);
    }

    private static void ThrowNoSuchPlace() => throw new ArgumentOutOfRangeException("place");

    private void Open(int length)
    {
        if (length <= _length)
            return;
        nuint needed = (((nuint)length * (nuint)sizeof(T)) + StepBytes - 1) / StepBytes * StepBytes;
        if (Libc.MemoryProtect((byte*)_first + _opened, needed - _opened, LinuxMman.PROT_READ | LinuxMman.PROT_WRITE) != 0)
            throw KernelException.FromLastCall("take memory");
        _opened = needed;
        Volatile.Write(ref _length, (int)Math.Min((nuint)_capacity, needed / (nuint)sizeof(T)));
    }
}
