namespace IpvsSync.Linux.Bpf;

/// <summary>A ring that has this director's connections in it. One thread reads; what any thread may call says so.</summary>
public interface IFeedRing : IDisposable
{
    /// <summary>Whether records have persistence data. The kernel may forbid to read them.</summary>
    bool HasPersistence { get; }

    /// <summary>Records that found no room since the program was attached. Any thread, until the ring is disposed.</summary>
    long Dropped { get; }

    /// <summary>Up to where records are written, in bytes since the ring was made. Any thread, until the ring is disposed.</summary>
    ulong Written { get; }

    /// <summary>Up to where they have been read.</summary>
    ulong Position { get; }

    /// <summary>Takes the next record. It stays valid until <see cref="Release"/>.</summary>
    /// <returns>False if none is there, or the next one is still being written.</returns>
    bool TryRead(out FeedRecord record);

    /// <summary>Gives the kernel the room of all records that were taken.</summary>
    void Release();

    /// <summary>Waits for a record. <see cref="Release"/> comes first: the kernel wakes only a reader that has read everything.</summary>
    /// <param name="timeout">The longest wait; infinite is allowed.</param>
    /// <returns>False when the time is over or <see cref="EndWait"/> was called.</returns>
    /// <exception cref="KernelException">The kernel refuses to wait.</exception>
    bool Wait(TimeSpan timeout);

    /// <summary>Ends <see cref="Wait"/>, now and from now on. Any thread, until the ring is disposed.</summary>
    void EndWait();
}
