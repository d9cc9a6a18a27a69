using IpvsSync.Daemon.Flow.Wires;
using IpvsSync.Linux.Datagrams;

namespace IpvsSync.Daemon.Tests.Wires;

/// <summary>Wires of which one fails when it is used, as a socket does whose interface is gone.</summary>
/// <param name="inner">The other wires.</param>
/// <param name="worker">The worker whose wire fails: <c>send</c>, <c>recv</c>, <c>feed</c> or <c>inject</c>.</param>
/// <param name="fault">What it throws; null: its receivers end without having been told to.</param>
internal sealed class FailingWires(IWires inner, string worker, Exception? fault) : IWires
{
    public int Mtu => inner.Mtu;

    public ILinkMonitor OpenLinkMonitor() => inner.OpenLinkMonitor();

    public IDatagramSender OpenPeerSender(int lane) => worker == "send" ? new Failing(fault) : inner.OpenPeerSender(lane);

    public IDatagramReceiver OpenPeerReceiver(int lane) => worker == "recv" ? new Failing(fault) : inner.OpenPeerReceiver(lane);

    public IDatagramReceiver OpenStrayReceiver() => inner.OpenStrayReceiver();

    public IDatagramReceiver OpenFeed(int lane) => worker == "feed" ? new Failing(fault) : inner.OpenFeed(lane);

    public IInjectorWire OpenInjector(int lane) => worker == "inject" ? new Failing(fault) : inner.OpenInjector(lane);

    private sealed class Failing(Exception? fault) : IInjectorWire, IDatagramReceiver
    {
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
