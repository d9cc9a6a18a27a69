using IpvsSync.Linux.Interop;

namespace IpvsSync.Linux.Bpf;

/// <summary>What keeps a program at work, and what it writes to. The program ends with the last descriptor of its link, whoever holds it.</summary>
public sealed class FeedDescriptors : IDisposable
{
    internal FeedDescriptors(KernelHandle ring, KernelHandle counter, KernelHandle link, int ringBytes, bool hasPersistence)
    {
        Ring = ring;
        Counter = counter;
        Link = link;
        RingBytes = ringBytes;
        HasPersistence = hasPersistence;
    }

    /// <summary>Whether records have persistence data. The kernel may forbid to read them.</summary>
    public bool HasPersistence { get; }

    /// <summary>Bytes of the ring buffer, a power of two.</summary>
    public int RingBytes { get; }

    internal KernelHandle Ring { get; }

    internal KernelHandle Counter { get; }

    internal KernelHandle Link { get; }

    /// <inheritdoc/>
    public void Dispose()
    {
        Link.Dispose();
        Counter.Dispose();
        Ring.Dispose();
    }
}
