using IpvsSync.Daemon;
using IpvsSync.Linux.Datagrams;
using IpvsSync.Protocol.Wire;

namespace IpvsSync.Benchmarks;

/// <summary>
/// A socket that has joined a group on lo and is filled before it is drained, so that no figure of receiving contains the cost of sending.
/// The messages are version 1, by default full, and update all connections in an order that no cache can predict.
/// </summary>
internal sealed class FullSocket : IDisposable
{
    /// <summary>The number of messages between two fillings. The kernel counts up to 4 KiB for each; the buffer holds 32 MiB.</summary>
    public const int Messages = 8192;

    /// <summary>The number of entries in those messages.</summary>
    public const int Entries = Messages * BenchedLane.PerMessage;

    private const int Batch = 32;

    // The kernel doubles it.
    private const int BufferSize = 16 << 20;

    // Odd and coprime to the numbers of connections, so that each comes up before any comes up again.
    private const int Stride = 7_368_787;

    private readonly DatagramBuffer[] _messages = [.. Enumerable.Range(0, Batch).Select(_ => new DatagramBuffer(BenchedLane.MessageSize + FlowConstants.TrailerRoom))];
    private readonly UdpReceiver _receiver;
    private readonly UdpSender _sender;
    private readonly int _connections;
    private readonly int _perMessage;
    private readonly Action<DatagramBuffer>? _seal;
    private int _number;

    /// <summary>Makes an empty socket.</summary>
    /// <param name="connections">The number of connections that the messages update.</param>
    /// <param name="perMessage">The number of entries in a message.</param>
    /// <param name="seal">Writes what comes behind the entries; null: nothing does.</param>
    public FullSocket(int connections, int perMessage = BenchedLane.PerMessage, Action<DatagramBuffer>? seal = null)
    {
        (_connections, _perMessage, _seal) = (connections, perMessage, seal);
        MulticastEndpoint endpoint = LoopbackGroup.Next();
        _receiver = MulticastReceiver.Open(endpoint, BufferSize);
        _sender = MulticastSender.Open(endpoint, loopback: true);
    }

    /// <summary>The socket to drain.</summary>
    public IDatagramReceiver Receiver => _receiver;

    /// <summary>Fills the socket, which must be empty.</summary>
    public void Fill()
    {
        for (int sent = 0; sent < Messages; sent += Batch)
        {
            foreach (DatagramBuffer message in _messages)
                Write(message);
            if (_sender.Send(_messages).Lost > 0)
                throw new InvalidOperationException("Messages were lost.");
        }

        if (_receiver.Dropped > 0)
            throw new InvalidOperationException("The socket's buffer is too small; a large one needs CAP_NET_ADMIN.");
    }

    /// <summary>Closes both sockets.</summary>
    public void Dispose()
    {
        _sender.Dispose();
        _receiver.Dispose();
    }

    private void Write(DatagramBuffer message)
    {
        var writer = MessageWriter.Start(message.Space, SyncVersion.V1, syncId: 5);
        for (int i = 0; i < _perMessage; i++)
        {
            _number = (int)((_number + (long)Stride) % _connections);
            writer.TryWrite(Sample.Entry(_number));
        }

        message.Length = writer.Length;
        _seal?.Invoke(message);
    }
}
