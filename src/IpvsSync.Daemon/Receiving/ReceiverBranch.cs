using IpvsSync.Daemon.Workers;
using IpvsSync.Linux.Datagrams;

namespace IpvsSync.Daemon.Receiving;

/// <summary>Receives on a further link of a lane. Runs on its own thread until its socket is shut down.</summary>
/// <param name="lane">Handles what comes.</param>
/// <param name="socket">What it reads; the caller disposes it.</param>
/// <param name="link">The link's number.</param>
/// <param name="largestDatagram">Bytes of the largest message that can come.</param>
internal sealed class ReceiverBranch(Receiver lane, IDatagramReceiver socket, int link, int largestDatagram)
{
    private readonly DatagramBuffer[] _batch = [.. Enumerable.Range(0, FlowConstants.ReceiveBatch).Select(_ => new DatagramBuffer(largestDatagram))];

    /// <summary>Whether it waits for datagrams or handles them.</summary>
    public WorkerActivity Activity { get; } = new();

    /// <summary>Receives until the socket is shut down.</summary>
    public void Run()
    {
        while (socket.Receive(_batch) is > 0 and var count)
        {
            Activity.Begin();
            lane.Handle(_batch.AsSpan(0, count), link);
            Activity.End();
        }
    }
}
