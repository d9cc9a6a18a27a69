using IpvsSync.Linux.Datagrams;

namespace IpvsSync.Daemon.Flow.Wires;

/// <summary>A socket to the kernel's backup, and the probe that looks at the backup's own. Disposes both.</summary>
internal sealed class UdpInjectorWire(MulticastEndpoint endpoint, UdpSender socket, UdpQueueProbe probe) : IInjectorWire
{
    /// <inheritdoc/>
    public SendOutcome Send(ReadOnlySpan<DatagramBuffer> datagrams) => socket.Send(datagrams);

    /// <inheritdoc/>
    public UdpQueue? ReadQueue() => probe.Query(endpoint.Group, endpoint.Port);

    /// <inheritdoc/>
    public void Dispose()
    {
        socket.Dispose();
        probe.Dispose();
    }
}
