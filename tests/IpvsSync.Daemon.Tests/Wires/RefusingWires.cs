using IpvsSync.Daemon.Flow.Wires;
using IpvsSync.Linux.Datagrams;

namespace IpvsSync.Daemon.Tests.Wires;

/// <summary>Wires whose senders to the peers can be told to refuse what they are given, as a socket without a route does.</summary>
internal sealed class RefusingWires(IWires inner) : IWires
{
    private volatile bool _refuses;

    /// <summary>Whether datagrams to the peers are refused: <see cref="SendOutcome.Lost"/>.</summary>
    public bool Refuses
    {
        get => _refuses;
        set => _refuses = value;
    }

    /// <inheritdoc/>
    public int Mtu => inner.Mtu;

    /// <inheritdoc/>
    public ILinkMonitor OpenLinkMonitor() => inner.OpenLinkMonitor();

    /// <inheritdoc/>
    public IDatagramSender OpenPeerSender(int lane) => new Sender(this, inner.OpenPeerSender(lane));

    /// <inheritdoc/>
    public IDatagramReceiver OpenPeerReceiver(int lane) => inner.OpenPeerReceiver(lane);

    /// <inheritdoc/>
    public IDatagramReceiver OpenStrayReceiver() => inner.OpenStrayReceiver();

    /// <inheritdoc/>
    public IDatagramReceiver OpenFeed(int lane) => inner.OpenFeed(lane);

    /// <inheritdoc/>
    public IInjectorWire OpenInjector(int lane) => inner.OpenInjector(lane);

    private sealed class Sender(RefusingWires wires, IDatagramSender inner) : IDatagramSender
    {
        public SendOutcome Send(ReadOnlySpan<DatagramBuffer> datagrams)
            => wires.Refuses ? new SendOutcome(0, datagrams.Length) : inner.Send(datagrams);

        public void Dispose() => inner.Dispose();
    }
}
