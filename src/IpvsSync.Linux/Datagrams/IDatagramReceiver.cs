namespace IpvsSync.Linux.Datagrams;

/// <summary>A source of datagrams. One thread receives; any thread may call the other members.</summary>
public interface IDatagramReceiver : IDisposable
{
    /// <summary>
    /// The number of datagrams lost since the receiver was opened because nobody read them in time. Where the kernel hands over in one piece what was
    /// sent in one piece (UDP_GRO), it counts the pieces, so that at least as many datagrams are lost.
    /// </summary>
    long Dropped { get; }

    /// <summary>Waits for at least one datagram and returns those that are there, in order of arrival.</summary>
    /// <param name="buffers">
    /// One buffer for each datagram. The receiver decides how many it uses in one call. For each used buffer it sets
    /// <see cref="DatagramBuffer.Length"/> and <see cref="DatagramBuffer.Source"/>, and <see cref="DatagramBuffer.Truncated"/> if the
    /// datagram did not fit.
    /// </param>
    /// <returns>The number of buffers filled, from the first; 0 once <see cref="Shutdown"/> was called and nothing is left.</returns>
    /// <exception cref="KernelException">The socket cannot be read any more.</exception>
    int Receive(ReadOnlySpan<DatagramBuffer> buffers);

    /// <summary>Ends receiving: a blocked <see cref="Receive"/> returns at once. Queued datagrams may still be delivered first.</summary>
    /// <remarks>May be called from any thread, more than once, and after disposal.</remarks>
    void Shutdown();
}
