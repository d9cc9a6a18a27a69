using IpvsSync.Linux;
using IpvsSync.Linux.Ipvs;
using IpvsSync.Linux.Tun;

namespace IpvsSync.Daemon.Kernel;

/// <summary>
/// The way of the pusher's packets into the kernel: an interface of our own, and on it the private virtual service with a real server
/// that nobody is. One thread.
/// </summary>
/// <remarks>
/// The service is persistent, since the kernel takes a SYN to a closed connection for a new one (conn_reuse_mode) unless the connection
/// hangs from a template: so one connection serves for good, in one lane. With sync_persist_mode the kernel would not report
/// such a connection; then the service is an ordinary one, and with several lanes pushes reach them by chance.
/// </remarks>
internal sealed class PushInterface(PushAddresses addresses, bool isPersistent) : IDisposable
{
    /// <summary>The interface; it vanishes with us.</summary>
    private const string InterfaceName = "ipvspush0";

    /// <summary>
    /// The template lives on while its connection does, whatever this is; it is what stays of us after a stop, with the kernel's minute for templates
    /// that are still needed.
    /// </summary>
    private const uint PersistenceSeconds = 10;

    private IpvsClient? _client;
    private TunDevice? _tun;

    /// <summary>Packets that the kernel has taken from us; it counts them with the clients'.</summary>
    public long Written { get; private set; }

    /// <summary>The private service as the kernel knows it.</summary>
    public static IpvsService Service(PushAddresses addresses, bool isPersistent = false) => new()
    {
        Protocol = Protocol.IpProtocol.Tcp,
        Address = addresses.Service,
        Port = PushAddresses.ServicePort,
        Scheduler = "rr",
        Flags = isPersistent ? IpvsService.Persistent : 0,
        Timeout = isPersistent ? PersistenceSeconds : 0,
        PrefixLength = 32,
    };

    /// <summary>Makes the interface, the service and its real server; those that are there already are taken as they are.</summary>
    /// <exception cref="KernelException">The kernel refused; may be tried again.</exception>
    public void Make()
    {
        Close();
        _client ??= IpvsClient.Open();
        _tun = TunDevice.Open(InterfaceName, addresses.Service, PushAddresses.PrefixLength);
        IpvsService service = Service(addresses, isPersistent);
        Ensure(() => _client.AddService(service));
        Ensure(() => _client.AddDestination(service, new IpvsDestination
        {
            Address = addresses.RealServer,
            Port = PushAddresses.ServicePort,
            ForwardingMethod = (uint)Protocol.ConnectionFlags.IP_VS_CONN_F_DROUTE,
            Weight = 1,
        }));
    }

    /// <summary>Writes the packets of one round. Without an interface, or with one that somebody has deleted, they are lost.</summary>
    public void Write(PushPackets packets)
    {
        try
        {
            foreach (byte[] packet in packets.Round)
            {
                if (_tun is not null && _tun.TryWrite(packet))
                    Written++;
            }
        }
        catch (KernelException)
        {
            // The silence that follows is noticed and mended, whatever its cause.
            Close();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Close();
        _client?.Dispose();
    }

    private static void Ensure(Action add)
    {
        try
        {
            add();
        }
        catch (KernelException exception) when (exception.Errno == Errno.EEXIST)
        {
            // Left by a daemon that was killed, and just what we want.
        }
    }

    private void Close()
    {
        _tun?.Dispose();
        _tun = null;
    }
}
