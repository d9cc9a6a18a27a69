using System.Buffers.Binary;
using IpvsSync.Linux;
using IpvsSync.Linux.Ipvs;
using IpvsSync.Linux.Netlink;
using IpvsSync.Linux.Tests.Netlink;
using static IpvsSync.Linux.Ipvs.LinuxIpVs;

namespace IpvsSync.Daemon.Tests.Kernel;

/// <summary>
/// A kernel's IPVS that speaks netlink in bytes and remembers what it is told: daemons, services, real servers. Its habits are those of spec §7.2-7.4:
/// each part of a dump is a message, and several messages are a datagram; refusals have the kernel's numbers and order; a dump shows the values
/// in effect; a stop right after a start is not acknowledged. Like a kernel it carries a request out before the call that sends it returns.
/// Any number of clients may be connected. For one thread at a time.
/// </summary>
internal sealed class FakeIpvs
{
    private const ushort Controller = 16;
    private const ushort Family = 0x20;
    private const ushort MultiPart = 2;
    private const ushort Interrupted = 0x10;
    private const byte SetInfo = 14;
    private const byte SetConfig = 12;
    private const uint Version = 0x010201;

    private static readonly HashSet<byte> s_changes =
        [IPVS_CMD_NEW_SERVICE, IPVS_CMD_DEL_SERVICE, IPVS_CMD_NEW_DEST, IPVS_CMD_NEW_DAEMON, IPVS_CMD_DEL_DAEMON];

    private readonly Dictionary<byte, int> _refusals = [];
    private readonly List<NetlinkAttributes> _daemons = [];
    private readonly List<(NetlinkAttributes Service, List<NetlinkAttributes> Servers)> _services = [];

    /// <summary>The interfaces of this namespace, with their MTU.</summary>
    public Dictionary<string, int> Interfaces { get; } = new() { ["lo"] = 65536, ["eth1"] = 1500 };

    public uint TableSize { get; set; } = 4096;

    public IpvsTimeouts Timeouts { get; set; } = new(900, 120, 300);

    /// <summary>Whether our requests are carried out and never answered.</summary>
    public bool IsSilent { get; set; }

    /// <summary>Whether the threads of daemons have not run yet when the daemons are stopped.</summary>
    public bool ThreadsAreSlow { get; set; }

    /// <summary>How many of the next dumps are interrupted by changes.</summary>
    public int Interruptions { get; set; }

    /// <summary>Called with the command before each change that is asked for by us; it may throw, as if we were killed there.</summary>
    public Action<byte> BeforeChange { get; set; } = _ => { };

    /// <summary>The daemons that run, with the values in effect.</summary>
    public IReadOnlyList<SyncDaemon> Daemons => [.. _daemons.Select(Decode)];

    /// <summary>Each service, and how many real servers it has.</summary>
    public IReadOnlyList<string> Services => [.. _services.Select(pair => $"{Decode(pair.Service, ServiceCodec.Read)}, {pair.Servers.Count} real servers")];

    public bool HasServices => _services.Count > 0;

    /// <summary>A client of ours.</summary>
    public IpvsClient Connect() => IpvsClient.Open(new NetlinkConnection(new FakeIpvsSocket(this, isOurs: true)));

    /// <summary>Somebody else changes something; no refusal and no hook applies to them.</summary>
    public void Others(Action<IpvsClient> change)
    {
        using var client = IpvsClient.Open(new NetlinkConnection(new FakeIpvsSocket(this, isOurs: false)));
        change(client);
    }

    /// <summary>Somebody deletes all services: <c>ipvsadm -C</c>.</summary>
    public void FlushServices() => _services.Clear();

    /// <summary>Refuses this command of ours from now on.</summary>
    public void Refuse(byte command, int errno) => _refusals[command] = errno;

    /// <summary>Refuses everything of ours from now on, as for a user without CAP_NET_ADMIN.</summary>
    public void RefuseAll(int errno)
    {
        for (byte command = IPVS_CMD_NEW_SERVICE; command <= IPVS_CMD_GET_INFO; command++)
            Refuse(command, errno);
    }

    /// <summary>Refuses nothing any more.</summary>
    public void AllowAll() => _refusals.Clear();

    /// <summary>Carries a request out.</summary>
    /// <returns>The datagrams of the answer.</returns>
    public IEnumerable<byte[]> Answer(NetlinkRequest request, bool isOurs)
    {
        if (request.Family == Controller)
            return [NetlinkBytes.FamilyAnswer(request.Sequence)];
        Assert.Equal(Family, request.Family);
        if (isOurs && s_changes.Contains(request.Command))
            BeforeChange(request.Command);
        int errno = isOurs ? _refusals.GetValueOrDefault(request.Command) : 0;
        List<byte[]> answer = errno == 0 ? CarryOut(request) : [NetlinkBytes.Answer(request.Sequence, -errno)];
        return isOurs && IsSilent ? [] : answer;
    }

    private List<byte[]> CarryOut(NetlinkRequest request)
    {
        switch (request.Command)
        {
            case IPVS_CMD_GET_DAEMON:
                return Dump(request, IPVS_CMD_NEW_DAEMON, IPVS_CMD_ATTR_DAEMON, _daemons.Select(Encode));
            case IPVS_CMD_GET_SERVICE:
                return Dump(request, IPVS_CMD_NEW_SERVICE, IPVS_CMD_ATTR_SERVICE, _services.Select(pair => EncodeService(pair.Service)));
            case IPVS_CMD_GET_DEST:
                return Dump(request, IPVS_CMD_NEW_DEST, IPVS_CMD_ATTR_DEST, ServersOf(request).Select(EncodeServer));
            case IPVS_CMD_GET_INFO:
                return One(request, SetInfo, [
                    .. Number(IPVS_INFO_ATTR_VERSION, Version),
                    .. Number(IPVS_INFO_ATTR_CONN_TAB_SIZE, TableSize)]);
            case IPVS_CMD_GET_CONFIG:
                return One(request, SetConfig, [
                    .. Number(IPVS_CMD_ATTR_TIMEOUT_TCP, Timeouts.Tcp),
                    .. Number(IPVS_CMD_ATTR_TIMEOUT_TCP_FIN, Timeouts.TcpFin),
                    .. Number(IPVS_CMD_ATTR_TIMEOUT_UDP, Timeouts.Udp)]);
            case IPVS_CMD_DEL_DAEMON when ThreadsAreSlow && Change(request) == 0:
                return [];
            default:
                return [NetlinkBytes.Answer(request.Sequence, -Change(request))];
        }
    }

    private int Change(NetlinkRequest request) => request.Command switch
    {
        IPVS_CMD_NEW_DAEMON => StartDaemon(request.Attributes.Nested(IPVS_CMD_ATTR_DAEMON)),
        IPVS_CMD_DEL_DAEMON => StopDaemon(request.Attributes.Nested(IPVS_CMD_ATTR_DAEMON)),
        IPVS_CMD_NEW_SERVICE => AddService(request.Attributes.Nested(IPVS_CMD_ATTR_SERVICE)),
        IPVS_CMD_DEL_SERVICE => _services.RemoveAll(pair => IsSame(pair.Service, request)) > 0 ? 0 : Errno.ESRCH,
        IPVS_CMD_NEW_DEST => AddServer(request),
        _ => Errno.EOPNOTSUPP,
    };

    private int StartDaemon(NetlinkAttributes daemon)
    {
        if (!daemon.Has(IPVS_DAEMON_ATTR_STATE) || !daemon.Has(IPVS_DAEMON_ATTR_MCAST_IFN) || !daemon.Has(IPVS_DAEMON_ATTR_SYNC_ID))
            return Errno.EINVAL;
        if (!Interfaces.ContainsKey(daemon.Text(IPVS_DAEMON_ATTR_MCAST_IFN)))
            return Errno.ENODEV;
        if (_daemons.Exists(running => Role(running) == Role(daemon)))
            return Errno.EEXIST;
        _daemons.Add(daemon);
        return 0;
    }

    private int StopDaemon(NetlinkAttributes daemon)
        => _daemons.RemoveAll(running => Role(running) == Role(daemon)) > 0 ? 0 : Errno.ESRCH;

    private int AddService(NetlinkAttributes service)
    {
        if (!service.Has(IPVS_SVC_ATTR_SCHED_NAME) || !service.Has(IPVS_SVC_ATTR_FLAGS) || !service.Has(IPVS_SVC_ATTR_NETMASK))
            return Errno.EINVAL;
        if (_services.Exists(pair => Name(pair.Service) == Name(service)))
            return Errno.EEXIST;
        _services.Add((service, []));
        return 0;
    }

    private int AddServer(NetlinkRequest request)
    {
        NetlinkAttributes server = request.Attributes.Nested(IPVS_CMD_ATTR_DEST);
        if (!_services.Exists(pair => IsSame(pair.Service, request)))
            return Errno.ESRCH;
        List<NetlinkAttributes> servers = ServersOf(request);
        if (servers.Exists(other => Name(other) == Name(server)))
            return Errno.EEXIST;
        servers.Insert(0, server);
        return 0;

        static string Name(NetlinkAttributes server) => server.Key(IPVS_DEST_ATTR_ADDR, IPVS_DEST_ATTR_PORT);
    }

    private List<NetlinkAttributes> ServersOf(NetlinkRequest request) => _services.Find(pair => IsSame(pair.Service, request)).Servers ?? [];

    private static bool IsSame(NetlinkAttributes service, NetlinkRequest request)
        => Name(service) == Name(request.Attributes.Nested(IPVS_CMD_ATTR_SERVICE));

    private static string Name(NetlinkAttributes service) => service.Has(IPVS_SVC_ATTR_FWMARK)
        ? service.Key(IPVS_SVC_ATTR_AF, IPVS_SVC_ATTR_FWMARK)
        : service.Key(IPVS_SVC_ATTR_AF, IPVS_SVC_ATTR_PROTOCOL, IPVS_SVC_ATTR_ADDR, IPVS_SVC_ATTR_PORT);

    private static uint Role(NetlinkAttributes daemon) => daemon.U32(IPVS_DAEMON_ATTR_STATE);

    private static SyncDaemon Decode(byte[] attributes)
    {
        var reader = new AttributeReader(attributes);
        return SyncDaemonCodec.Read(ref reader);
    }

    private SyncDaemon Decode(NetlinkAttributes daemon) => Decode(Encode(daemon));

    private static IpvsService Decode(NetlinkAttributes service, ServiceReader read)
    {
        var reader = new AttributeReader(EncodeService(service));
        return read(ref reader);
    }

    private delegate IpvsService ServiceReader(ref AttributeReader attributes);

    /// <summary>In the kernel's order, which is not that of the numbers, with the values in effect (spec §2.8).</summary>
    private byte[] Encode(NetlinkAttributes daemon)
    {
        byte[] length = new byte[2];
        BinaryPrimitives.WriteUInt16LittleEndian(length, LengthInEffect(daemon));
        ushort group = daemon.Has(IPVS_DAEMON_ATTR_MCAST_GROUP) ? IPVS_DAEMON_ATTR_MCAST_GROUP : IPVS_DAEMON_ATTR_MCAST_GROUP6;
        return [
            .. Copy(daemon, IPVS_DAEMON_ATTR_STATE, IPVS_DAEMON_ATTR_MCAST_IFN, IPVS_DAEMON_ATTR_SYNC_ID),
            .. NetlinkBytes.Attribute(IPVS_DAEMON_ATTR_SYNC_MAXLEN, length),
            .. Copy(daemon, IPVS_DAEMON_ATTR_MCAST_PORT, IPVS_DAEMON_ATTR_MCAST_TTL, group)];
    }

    private ushort LengthInEffect(NetlinkAttributes daemon)
    {
        const int Headers = 28;
        bool isBackup = Role(daemon) == (uint)SyncDaemonRole.Backup;
        if (daemon.Has(IPVS_DAEMON_ATTR_SYNC_MAXLEN))
            return (ushort)Math.Clamp((int)daemon.U16(IPVS_DAEMON_ATTR_SYNC_MAXLEN), isBackup ? 1024 : 1, ushort.MaxValue - Headers);
        int mtu = isBackup ? Math.Clamp(Interfaces[daemon.Text(IPVS_DAEMON_ATTR_MCAST_IFN)], 1500, ushort.MaxValue) : 1500;
        return (ushort)(mtu - Headers);
    }

    private static byte[] EncodeService(NetlinkAttributes service) => Copy(
        service, IPVS_SVC_ATTR_AF, IPVS_SVC_ATTR_FWMARK, IPVS_SVC_ATTR_PROTOCOL, IPVS_SVC_ATTR_ADDR, IPVS_SVC_ATTR_PORT,
        IPVS_SVC_ATTR_SCHED_NAME, IPVS_SVC_ATTR_FLAGS, IPVS_SVC_ATTR_TIMEOUT, IPVS_SVC_ATTR_NETMASK);

    private static byte[] EncodeServer(NetlinkAttributes server) => Copy(
        server, IPVS_DEST_ATTR_ADDR, IPVS_DEST_ATTR_PORT, IPVS_DEST_ATTR_FWD_METHOD, IPVS_DEST_ATTR_WEIGHT, IPVS_DEST_ATTR_ADDR_FAMILY);

    private static byte[] Copy(NetlinkAttributes attributes, params ushort[] types)
        => [.. types.Where(attributes.Has).SelectMany(type => NetlinkBytes.Attribute(type, attributes.Bytes(type)))];

    private static byte[] Number(ushort type, uint value) => NetlinkBytes.Attribute(type, BitConverter.GetBytes(value));

    private static List<byte[]> One(NetlinkRequest request, byte command, byte[] attributes)
        => [NetlinkBytes.Message(Family, request.Sequence, [command, 1, 0, 0, .. attributes])];

    /// <summary>Two messages a datagram, then one that says that these were all.</summary>
    private List<byte[]> Dump(NetlinkRequest request, byte command, ushort type, IEnumerable<byte[]> items)
    {
        Assert.True(request.IsDump);
        ushort flags = MultiPart;
        if (Interruptions > 0)
        {
            Interruptions--;
            flags |= Interrupted;
        }

        IEnumerable<byte[]> parts = items.Select(
            item => NetlinkBytes.Message(Family, request.Sequence, [command, 1, 0, 0, .. NetlinkBytes.Attribute(type, item)], flags));
        return [.. parts.Chunk(2).Select(some => some.SelectMany(part => part).ToArray()), NetlinkBytes.Done(request.Sequence, flags)];
    }
}
