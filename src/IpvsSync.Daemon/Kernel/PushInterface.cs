using IpvsSync.Linux;
using IpvsSync.Linux.Ipvs;
using IpvsSync.Linux.Tun;

namespace IpvsSync.Daemon.Kernel;

/// <summary>
/// Brings the pusher's packets into the kernel: an interface of our own, and on it the private virtual service, whose real server does
/// not exist. One thread.
/// </summary>
/// <remarks>
/// The service is persistent, since the kernel takes a SYN to a closed connection for a new connection (conn_reuse_mode) unless the
/// connection belongs to a template: so one connection is used for good, in one lane. With sync_persist_mode the kernel would not report
/// such a connection. Then the service is not persistent, and with several lanes it is chance which lane a push reaches.
/// </remarks>
/// <param name="addresses">The private network.</param>
/// <param name="isPersistent">Whether the service is persistent.</param>
/// <param name="openClient">Opens the netlink client, once.</param>
/// <param name="openDevice">Creates the interface of that name, each time that it is needed.</param>
internal sealed class PushInterface(PushAddresses addresses, bool isPersistent, Func<IpvsClient> openClient, Func<string, ITunDevice> openDevice)
    : IDisposable
{
    /// <summary>The interface, which the kernel removes when we close it or end.</summary>
    private const string InterfaceName = "ipvspush0";

    /// <summary>
    /// The template lives as long as its connection, whatever this value is. After a stop it stays in the kernel for that time, and for the
    /// minute that the kernel adds while a template is still needed.
    /// </summary>
    private const uint PersistenceSeconds = 10;

    private IpvsClient? _client;
    private ITunDevice? _device;

    /// <summary>The way into the kernel of this process's network namespace.</summary>
    /// <param name="addresses">The private network.</param>
    /// <param name="isPersistent">Whether the service is persistent.</param>
    /// <param name="setsSysctls">Whether IPv6 is turned off on the interface: the kernel would only solicit routers that do not exist.</param>
    public PushInterface(PushAddresses addresses, bool isPersistent, bool setsSysctls = true)
        : this(addresses, isPersistent, IpvsClient.Open, name => TunDevice.Open(name, addresses.Service, PushAddresses.PrefixLength, setsSysctls))
    {
    }

    /// <summary>How many of our packets the kernel has taken; it counts them together with those of clients.</summary>
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

    /// <summary>Makes the interface, the service and its real server. A service or real server that already exists is used as it is.</summary>
    /// <exception cref="KernelException">The kernel refused; may be tried again.</exception>
    public void Make()
    {
        Close();
        _client ??= openClient();
        _device = openDevice(InterfaceName);
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
                if (_device is not null && _device.TryWrite(packet))
                    Written++;
            }
        }
        catch (KernelException)
        {
            // The pusher notices that no echo comes, and calls Make again.
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
            // A killed daemon left it behind.
        }
    }

    private void Close()
    {
        _device?.Dispose();
        _device = null;
    }
}
