namespace IpvsSync.Linux.Datagrams;

/// <summary>Where datagrams come from. One thread receives; any thread may call the other members.</summary>
public interface IDatagramReceiver : IDisposable
{
    /// <summary>Datagrams that were lost because nobody took them out in time, since the receiver was opened.</summary>
    long Dropped { get; }

    /// <summary>Waits for at least one datagram and takes what is there, in order of arrival.</summary>
    /// <param name="buffers">
    /// One buffer for each datagram to take; how many are used in one call is the receiver's choice. Each used one has its
    /// <see cref="DatagramBuffer.Length"/> and <see cref="DatagramBuffer.Source"/> set, and <see cref="DatagramBuffer.Truncated"/> if the
    /// datagram did not fit.
    /// </param>
    /// <returns>How many were filled, from the first on; 0 once <see cref="Shutdown"/> was called and nothing is left.</returns>
    /// <exception cref="KernelException">The socket cannot be read any more.</exception>
    int Receive(ReadOnlySpan<DatagramBuffer> buffers);

    /// <summary>Ends receiving: a blocked <see cref="Receive"/> returns at once, what is queued may still be delivered first.</summary>
    /// <remarks>May be called from any thread, more than once, and after disposal.</remarks>
    void Shutdown();
}
