using IpvsSync.Linux.Datagrams;

namespace IpvsSync.Daemon.Flow.Wires;

/// <summary>A UDP socket as a sender on one way.</summary>
/// <param name="socket">The socket, disposed with this.</param>
internal sealed class UdpPathSender(UdpSender socket) : IPathSender
{
    /// <inheritdoc/>
    public int Refusal => socket.Refusal;

    /// <inheritdoc/>
    public long Rejections => socket.Rejections;

    /// <inheritdoc/>
    public int? PathMtu => socket.PathMtu;

    /// <inheritdoc/>
    public SendOutcome Send(ReadOnlySpan<DatagramBuffer> datagrams) => socket.Send(datagrams);

    /// <inheritdoc/>
    public void Dispose() => socket.Dispose();
}
