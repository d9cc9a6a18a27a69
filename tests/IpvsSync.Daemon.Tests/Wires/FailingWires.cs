using IpvsSync.Daemon.Flow.Wires;
using IpvsSync.Linux.Datagrams;

namespace IpvsSync.Daemon.Tests.Wires;

/// <summary>Wires of which one fails when it is used, as a socket does whose interface is gone.</summary>
/// <param name="inner">The other wires.</param>
/// <param name="worker">The worker whose wire fails: <c>send</c>, <c>recv</c>, <c>feed</c> or <c>inject</c>.</param>
/// <param name="fault">What it throws; null: its receivers end without having been told to.</param>
internal sealed class FailingWires(ISockets inner, string worker, Exception? fault) : ISockets
{
    public IReadOnlyList<SyncPath> Paths => inner.Paths;

    public ILinkMonitor OpenLinkMonitor(string name) => inner.OpenLinkMonitor(name);

    public IPathSender OpenSender(int lane, SyncPath path) => worker == "send" ? new Failing(fault) : inner.OpenSender(lane, path);

    public IDatagramReceiver OpenReceiver(int lane, string name, bool isGroup)
        => worker == "recv" && lane == 0 ? new Failing(fault) : inner.OpenReceiver(lane, name, isGroup);

    public IDatagramReceiver OpenFeed(int lane) => worker == "feed" ? new Failing(fault) : inner.OpenFeed(lane);

    public IInjectorWire OpenInjector(int lane) => worker == "inject" ? new Failing(fault) : inner.OpenInjector(lane);

    private sealed class Failing(Exception? fault) : IInjectorWire, IDatagramReceiver, IPathSender
    {
        public int Refusal => 0;

        public long Rejections => 0;

        public int? PathMtu => null;

        public long Dropped => 0;

        public SendOutcome Send(ReadOnlySpan<DatagramBuffer> datagrams) => throw fault!;

        public int Receive(ReadOnlySpan<DatagramBuffer> buffers) => fault is null ? 0 : throw fault;

        public UdpQueue? ReadQueue() => null;

        public void Shutdown()
        {
        }

        public void Dispose()
        {
        }
    }
}
