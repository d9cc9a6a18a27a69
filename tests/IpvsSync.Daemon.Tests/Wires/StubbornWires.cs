using IpvsSync.Daemon.Flow.Wires;
using IpvsSync.Linux.Datagrams;

namespace IpvsSync.Daemon.Tests.Wires;

/// <summary>Wires that work, but whose receivers fail to shut down and to close.</summary>
internal sealed class StubbornWires(IWires inner) : IWires
{
    public int Mtu => inner.Mtu;

    public ILinkMonitor OpenLinkMonitor() => inner.OpenLinkMonitor();

    public IDatagramSender OpenPeerSender(int lane) => inner.OpenPeerSender(lane);

    public IDatagramReceiver OpenPeerReceiver(int lane) => new Stubborn(inner.OpenPeerReceiver(lane));

    public IDatagramReceiver OpenStrayReceiver() => inner.OpenStrayReceiver();

    public IDatagramReceiver OpenFeed(int lane) => new Stubborn(inner.OpenFeed(lane));

    public IInjectorWire OpenInjector(int lane) => inner.OpenInjector(lane);

    private sealed class Stubborn(IDatagramReceiver inner) : IDatagramReceiver
    {
        public long Dropped => inner.Dropped;

        public int Receive(ReadOnlySpan<DatagramBuffer> buffers) => inner.Receive(buffers);

        public void Shutdown()
        {
            inner.Shutdown();
            throw new InvalidOperationException("it does not shut down");
        }

        public void Dispose()
        {
            inner.Dispose();
            throw new InvalidOperationException("it does not close");
        }
    }
}
