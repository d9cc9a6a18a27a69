using IpvsSync.Daemon.Flow.Wires;
using IpvsSync.Linux.Datagrams;

namespace IpvsSync.Daemon.Tests.Wires;

/// <summary>Wires whose senders to the peers can be told to refuse what they are given, as a socket without a route does.</summary>
internal sealed class RefusingWires(ISockets inner) : ISockets
{
    private volatile bool _refuses;

    /// <summary>Whether datagrams to the peers are refused: <see cref="SendOutcome.Lost"/>.</summary>
    public bool Refuses
    {
        get => _refuses;
        set => _refuses = value;
    }

    /// <inheritdoc/>
    public IReadOnlyList<SyncPath> Paths => inner.Paths;

    /// <inheritdoc/>
    public ILinkMonitor OpenLinkMonitor(string name) => inner.OpenLinkMonitor(name);

    /// <inheritdoc/>
    public IPathSender OpenSender(int lane, SyncPath path) => new Sender(this, inner.OpenSender(lane, path));

    /// <inheritdoc/>
    public IDatagramReceiver OpenReceiver(int lane, string name, bool isGroup) => inner.OpenReceiver(lane, name, isGroup);

    /// <inheritdoc/>
    public IDatagramReceiver OpenFeed(int lane) => inner.OpenFeed(lane);

    /// <inheritdoc/>
    public IInjectorWire OpenInjector(int lane) => inner.OpenInjector(lane);

    private sealed class Sender(RefusingWires wires, IPathSender inner) : IPathSender
    {
        public int Refusal => inner.Refusal;

        public long Rejections => inner.Rejections;

        public int? PathMtu => inner.PathMtu;

        public SendOutcome Send(ReadOnlySpan<DatagramBuffer> datagrams)
            => wires.Refuses ? new SendOutcome(0, datagrams.Length) : inner.Send(datagrams);

        public void Dispose() => inner.Dispose();
    }
}
