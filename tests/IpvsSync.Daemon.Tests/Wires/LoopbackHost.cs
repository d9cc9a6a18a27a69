using IpvsSync.Daemon.Flow.Wires;
using IpvsSync.Daemon.Options;
using IpvsSync.Linux.Datagrams;

namespace IpvsSync.Daemon.Tests.Wires;

/// <summary>
/// One director's sockets on the loopback. Unlike on an Ethernet, a director with both pipelines hears there what it sends itself.
/// </summary>
internal sealed class LoopbackHost(SyncOptions options) : ITestHost
{
    /// <inheritdoc/>
    public SyncOptions Options => options;

    /// <inheritdoc/>
    public ISockets Wires { get; } = new UdpSockets(options);

    /// <inheritdoc/>
    public IDatagramSender OpenKernelMaster(int lane) => MulticastSender.Open(Endpoints.Feed(options.Kernel, lane), loopback: true);

    /// <inheritdoc/>
    public IDatagramReceiver OpenKernelBackup(int lane) => MulticastReceiver.Open(Endpoints.Inject(options.Kernel, lane), receiveBufferSize: 4 << 20);
}
