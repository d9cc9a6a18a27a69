using IpvsSync.Linux;
using IpvsSync.Linux.Datagrams;

namespace IpvsSync.Daemon.Tests.Wires;

/// <summary>
/// One sender, one receiver and nothing between them, for tests that send and receive on one thread: receiving from an empty wire
/// yields 0 at once. The receiver's queue is bounded, and sends can be refused. For several directors there is <c>MemoryNetwork</c>.
/// </summary>
/// <param name="batch">Datagrams taken in one call at most.</param>
/// <param name="capacity">Bytes that may wait.</param>
internal sealed class MemoryWire(int batch = 3, int capacity = 16 << 20) : IDatagramSender, IDatagramReceiver
{
    private readonly MemoryReceiver _receiver = new(capacity, batch, blocks: false);

    /// <inheritdoc/>
    public long Dropped => _receiver.Dropped;

    /// <summary>The source address of what is sent from now on.</summary>
    public SourceAddress Source { get; set; }

    /// <summary>Sends that are refused, from the next datagram on.</summary>
    public int Refusals { get; set; }

    /// <inheritdoc/>
    public SendOutcome Send(ReadOnlySpan<DatagramBuffer> datagrams)
    {
        int refused = Math.Min(Refusals, datagrams.Length);
        Refusals -= refused;
        foreach (DatagramBuffer datagram in datagrams[refused..])
            Put(datagram.Content);
        return new SendOutcome(datagrams.Length - refused, refused);
    }

    /// <summary>A datagram arrives.</summary>
    public void Put(ReadOnlySpan<byte> datagram) => _receiver.Put(datagram, Source);

    /// <inheritdoc/>
    public int Receive(ReadOnlySpan<DatagramBuffer> buffers) => _receiver.Receive(buffers);

    /// <inheritdoc/>
    public void Shutdown() => _receiver.Shutdown();

    /// <inheritdoc/>
    public void Dispose() => _receiver.Dispose();
}
