using System.Globalization;
using IpvsSync.Linux.Links;
using IpvsSync.Linux.Netlink;

namespace IpvsSync.Linux.Ipvs;

/// <summary>The kernel's IPVS in the network namespace of the thread that opened the client (spec §7). For one thread at a time.</summary>
/// <remarks>
/// Every call needs CAP_NET_ADMIN in the initial user namespace; without it the call fails with a <see cref="KernelException"/>
/// with EPERM whose message says so. If the kernel does not answer, the call fails with ETIMEDOUT; it never waits for ever.
/// </remarks>
public sealed class IpvsClient : IDisposable
{
    // The kernel executes a request before the request's system call returns: the answer is there then, or it never comes.
    private static readonly TimeSpan _answerTimeout = TimeSpan.FromMilliseconds(250);

    private readonly NetlinkConnection _connection;
    private readonly ushort _family;

    private IpvsClient(NetlinkConnection connection, ushort family)
    {
        _connection = connection;
        _family = family;
    }

    /// <summary>Opens the control channel. The kernel loads IPVS for it if it can.</summary>
    /// <exception cref="IpvsUnavailableException">The kernel has no IPVS.</exception>
    /// <exception cref="KernelException">Netlink itself failed.</exception>
    public static IpvsClient Open() =>
        Open(new NetlinkConnection(NetlinkSocket.Open(LinuxNetlink.NETLINK_GENERIC, _answerTimeout)));

    /// <summary>Takes ownership of a connection and closes it, also on failure.</summary>
    internal static IpvsClient Open(NetlinkConnection connection)
    {
        try
        {
            ushort family = GenericNetlink.FindFamily(connection, LinuxIpVs.IPVS_GENL_NAME)
                ?? throw new IpvsUnavailableException();
            return new IpvsClient(connection, family);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>The version and the size of the connection table.</summary>
    /// <exception cref="KernelException">EPERM, ETIMEDOUT.</exception>
    public IpvsInfo GetInfo()
    {
        uint version = 0;
        uint size = 0;
        Ask(LinuxIpVs.IPVS_CMD_GET_INFO, "ask for the version of IPVS", (ref AttributeReader attributes) =>
        {
            while (attributes.Next())
            {
                if (attributes.Type == LinuxIpVs.IPVS_INFO_ATTR_VERSION)
                    version = attributes.U32();
                else if (attributes.Type == LinuxIpVs.IPVS_INFO_ATTR_CONN_TAB_SIZE)
                    size = attributes.U32();
            }
        });
        string text = string.Create(
            CultureInfo.InvariantCulture, $"{(version >> 16) & 0xFF}.{(version >> 8) & 0xFF}.{version & 0xFF}");
        return new IpvsInfo(text, size);
    }

    /// <summary>The timeouts that <c>ipvsadm --set</c> sets.</summary>
    /// <exception cref="KernelException">EPERM, ETIMEDOUT.</exception>
    public IpvsTimeouts GetTimeouts()
    {
        var timeouts = new IpvsTimeouts(0, 0, 0);
        Ask(LinuxIpVs.IPVS_CMD_GET_CONFIG, "ask for the timeouts of IPVS", (ref AttributeReader attributes) =>
        {
            while (attributes.Next())
            {
                timeouts = attributes.Type switch
                {
                    LinuxIpVs.IPVS_CMD_ATTR_TIMEOUT_TCP => timeouts with { Tcp = attributes.U32() },
                    LinuxIpVs.IPVS_CMD_ATTR_TIMEOUT_TCP_FIN => timeouts with { TcpFin = attributes.U32() },
                    LinuxIpVs.IPVS_CMD_ATTR_TIMEOUT_UDP => timeouts with { Udp = attributes.U32() },
                    _ => timeouts,
                };
            }
        });
        return timeouts;
    }

    /// <summary>All virtual services.</summary>
    /// <exception cref="KernelException">EPERM, ETIMEDOUT.</exception>
    public IReadOnlyList<IpvsService> GetServices()
    {
        Begin(LinuxIpVs.IPVS_CMD_GET_SERVICE, LinuxNetlink.NLM_F_DUMP);
        return Dump("list the services", LinuxIpVs.IPVS_CMD_ATTR_SERVICE, ServiceCodec.Read);
    }

    /// <summary>
    /// The real servers of a service, newest first; none if the service is gone, because the kernel does not distinguish the two.
    /// </summary>
    /// <exception cref="KernelException">EPERM, ETIMEDOUT.</exception>
    public IReadOnlyList<IpvsDestination> GetDestinations(IpvsService service)
    {
        ArgumentNullException.ThrowIfNull(service);
        ServiceCodec.WriteIdentity(Begin(LinuxIpVs.IPVS_CMD_GET_DEST, LinuxNetlink.NLM_F_DUMP), service);
        return Dump(
            $"list the destinations of {service}",
            LinuxIpVs.IPVS_CMD_ATTR_DEST,
            (ref AttributeReader attributes) => DestinationCodec.Read(ref attributes, service.Family));
    }

    /// <summary>Creates a virtual service (spec §7.3). The kernel loads the module of its scheduler if necessary.</summary>
    /// <exception cref="KernelException">
    /// EEXIST: the service exists. ENOENT: no such scheduler or persistence engine. EINVAL: IPv6 with a prefix length of 0. EPERM,
    /// ETIMEDOUT.
    /// </exception>
    public void AddService(IpvsService service)
    {
        ArgumentNullException.ThrowIfNull(service);
        ServiceCodec.Write(Begin(LinuxIpVs.IPVS_CMD_NEW_SERVICE, LinuxNetlink.NLM_F_ACK), service);
        _connection.Execute($"add the service {service}");
    }

    /// <summary>Removes a virtual service and its destinations. Its connections remain until they time out.</summary>
    /// <exception cref="KernelException">ESRCH: there is no such service. EPERM, ETIMEDOUT.</exception>
    public void DeleteService(IpvsService service)
    {
        ArgumentNullException.ThrowIfNull(service);
        ServiceCodec.WriteIdentity(Begin(LinuxIpVs.IPVS_CMD_DEL_SERVICE, LinuxNetlink.NLM_F_ACK), service);
        _connection.Execute($"delete the service {service}");
    }

    /// <summary>Adds a real server to a service (spec §7.3).</summary>
    /// <exception cref="KernelException">
    /// ESRCH: no such service. EEXIST: the service has that destination. ERANGE: the weight is negative, or the lower threshold is above
    /// the upper one. EINVAL: the address is not unicast. EPERM, ETIMEDOUT.
    /// </exception>
    public void AddDestination(IpvsService service, IpvsDestination destination)
    {
        ArgumentNullException.ThrowIfNull(service);
        ArgumentNullException.ThrowIfNull(destination);
        NetlinkMessageBuilder request = Begin(LinuxIpVs.IPVS_CMD_NEW_DEST, LinuxNetlink.NLM_F_ACK);
        ServiceCodec.WriteIdentity(request, service);
        DestinationCodec.Write(request, destination);
        _connection.Execute($"add the destination {destination} to {service}");
    }

    /// <summary>The sync daemons that run in this namespace, whoever started them: none, one or two, with the values in effect.</summary>
    /// <exception cref="KernelException">EPERM, ETIMEDOUT.</exception>
    public IReadOnlyList<SyncDaemon> GetDaemons()
    {
        Begin(LinuxIpVs.IPVS_CMD_GET_DAEMON, LinuxNetlink.NLM_F_DUMP);
        return Dump("list the sync daemons", LinuxIpVs.IPVS_CMD_ATTR_DAEMON, SyncDaemonCodec.Read);
    }

    /// <summary>Starts one of the kernel's sync daemons (spec §7.4).</summary>
    /// <exception cref="KernelException">
    /// EEXIST: that role runs already. ENODEV: no such interface; the message names those that exist. ENETUNREACH: a master's interface is
    /// down, or it is lo and the group is IPv6, for which lo has no route. EINVAL: the group is not a multicast group. EPERM.
    /// </exception>
    public void StartDaemon(SyncDaemon daemon)
    {
        ArgumentNullException.ThrowIfNull(daemon);
        SyncDaemonCodec.Write(Begin(LinuxIpVs.IPVS_CMD_NEW_DAEMON, LinuxNetlink.NLM_F_ACK), daemon);
        string operation = $"start the sync {SyncDaemon.NameOf(daemon.Role)} on {daemon.Interface}";
        try
        {
            _connection.Execute(operation);
        }
        catch (KernelException refusal) when (refusal.Errno == Errno.ENODEV)
        {
            throw new KernelException(operation, Errno.ENODEV, NetworkInterfaces.ExistingNames());
        }
    }

    /// <summary>Stops one of the kernel's sync daemons, whoever started it. It is gone when this returns.</summary>
    /// <exception cref="KernelException">ESRCH: that role does not run. EPERM. ETIMEDOUT: it still runs.</exception>
    public void StopDaemon(SyncDaemonRole role)
    {
        SyncDaemonCodec.WriteRole(Begin(LinuxIpVs.IPVS_CMD_DEL_DAEMON, LinuxNetlink.NLM_F_ACK), role);
        try
        {
            _connection.Execute($"stop the sync {SyncDaemon.NameOf(role)}");
        }
        catch (KernelException silence) when (silence.Errno == Errno.ETIMEDOUT)
        {
            // The kernel sends no acknowledgement if the thread that it stops has not run yet (spec §7.4), although the thread is stopped.
            if (GetDaemons().Any(daemon => daemon.Role == role))
                throw;
        }
    }

    /// <summary>Closes the control channel. What it started continues.</summary>
    public void Dispose() => _connection.Dispose();

    private delegate void AttributesReader(ref AttributeReader attributes);

    private delegate T ItemReader<T>(ref AttributeReader attributes);

    private NetlinkMessageBuilder Begin(byte command, ushort flags) =>
        _connection.Request.BeginGeneric(_family, flags, command, LinuxIpVs.IPVS_GENL_VERSION);

    private void Ask(byte command, string operation, AttributesReader reader)
    {
        Begin(command, 0);
        _connection.Ask(operation, payload =>
        {
            AttributeReader attributes = GenericNetlink.Attributes(payload);
            reader(ref attributes);
            ThrowIfFailed(attributes, operation);
        });
    }

    private List<T> Dump<T>(string operation, ushort type, ItemReader<T> reader)
    {
        var items = new List<T>();
        _connection.Dump(operation, items.Clear, payload =>
        {
            AttributeReader attributes = GenericNetlink.Attributes(payload);
            while (attributes.Next())
            {
                if (attributes.Type != type)
                    continue;
                AttributeReader nested = attributes.Nested();
                items.Add(reader(ref nested));
                attributes.Join(nested);
            }

            ThrowIfFailed(attributes, operation);
        });
        return items;
    }

    private static void ThrowIfFailed(in AttributeReader attributes, string operation)
    {
        if (attributes.Failed)
            throw new KernelException(operation, Errno.EBADMSG);
    }
}
