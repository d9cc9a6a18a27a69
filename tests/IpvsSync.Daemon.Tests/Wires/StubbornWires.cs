using IpvsSync.Daemon.Flow.Wires;
using IpvsSync.Linux.Datagrams;

namespace IpvsSync.Daemon.Tests.Wires;

/// <summary>Wires that work, but whose receivers fail to shut down and to close.</summary>
internal sealed class StubbornWires(ISockets inner) : ISockets
{
    public IReadOnlyList<SyncPath> Paths => inner.Paths;

    public ILinkMonitor OpenLinkMonitor(string name) => inner.OpenLinkMonitor(name);

    public IPathSender OpenSender(int lane, SyncPath path) => inner.OpenSender(lane, path);

    public IDatagramReceiver OpenReceiver(int lane, string name, bool isGroup) => new Stubborn(inner.OpenReceiver(lane, name, isGroup));

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
