using IpvsSync.Linux;
using IpvsSync.Linux.Netlink;

namespace IpvsSync.Daemon.Tests.Kernel;

/// <summary>A netlink socket whose far end is a <see cref="FakeIpvs"/>. Where a real one waits for an answer, no time passes.</summary>
internal sealed class FakeIpvsSocket(FakeIpvs kernel, bool isOurs) : INetlinkSocket
{
    private readonly Queue<byte[]> _datagrams = new();
    private bool _isClosed;

    public void Send(ReadOnlySpan<byte> message, string operation)
    {
        ObjectDisposedException.ThrowIf(_isClosed, this);
        foreach (byte[] datagram in kernel.Answer(new NetlinkRequest(message.ToArray()), isOurs))
            _datagrams.Enqueue(datagram);
    }

    public ReadOnlySpan<byte> Receive(string operation)
        => _datagrams.TryDequeue(out byte[]? datagram) ? datagram : throw new KernelException(operation, Errno.ETIMEDOUT);

    public void Dispose() => _isClosed = true;
}
