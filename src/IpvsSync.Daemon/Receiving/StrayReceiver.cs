using IpvsSync.Daemon.Workers;
using IpvsSync.Linux.Datagrams;
using IpvsSync.Protocol.Wire;

namespace IpvsSync.Daemon.Receiving;

/// <summary>Counts the sync messages on a port that is no lane of ours. Runs on its own thread until its socket is shut down.</summary>
internal sealed class StrayReceiver(IDatagramReceiver socket, ReaderOptions readerOptions)
{
    private readonly DatagramBuffer[] _batch = [new DatagramBuffer(DatagramBuffer.MaxPayload)];
    private long _messages;

    /// <summary>Always waiting: what it does with a datagram cannot hang.</summary>
    public WorkerActivity Activity { get; } = new();

    /// <summary>Messages of our sync id whose first entry is good. Any thread may ask.</summary>
    public long Messages => Volatile.Read(ref _messages);

    /// <summary>Receives until the socket is shut down.</summary>
    public void Run()
    {
        while (Step())
            continue;
    }

    /// <summary>Waits for a datagram and counts it if it is a sync message.</summary>
    /// <returns>False when the socket is shut down.</returns>
    public bool Step()
    {
        if (socket.Receive(_batch) == 0)
            return false;
        var reader = new MessageReader(_batch[0].Content, readerOptions);
        if (reader.Read(out _) && reader.Refusal == Refusal.None)
            Interlocked.Increment(ref _messages);
        return true;
    }
}
