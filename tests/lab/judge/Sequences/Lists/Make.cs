using IpvsSync.Daemon.Policy;
using IpvsSync.Daemon.Simulation;
using IpvsSync.Daemon.Simulation.Scheduling;
using IpvsSync.Protocol;
using IpvsSync.Protocol.Wire;

namespace IpvsSync.Lab.Judge.Sequences.Lists;

/// <summary>Short names for settings and services.</summary>
internal static class Make
{
    public const ushort VirtualPort = 80;
    private const ushort RealPort = 8080;

    /// <summary>The kernel's defaults.</summary>
    public static SyncSettings Defaults { get; } = Settings(3, 50);

    /// <summary>Settings as an operator writes them; <paramref name="refresh"/> in seconds.</summary>
    public static SyncSettings Settings(int threshold, int period, int refresh = 0, int retries = 0) => new()
    {
        Threshold = threshold, Period = period, RefreshTicks = refresh * Sequence.TicksPerSecond, Retries = retries,
        TicksPerSecond = Sequence.TicksPerSecond,
    };

    public static SyncSettings V0(this SyncSettings settings) => settings with { Version = SyncVersion.V0 };

    public static SyncSettings PersistMode(this SyncSettings settings) => settings with { PersistMode = true };

    /// <summary>NAT: replies pass through the director.</summary>
    public static Service Nat(byte protocol, params int[] weights) =>
        new(Options(protocol), ForwardingMethod.Masquerade, RealPort, weights.Length > 0 ? weights : [1]);

    /// <summary>Direct routing: the director sees only the client's packets.</summary>
    public static Service Direct(byte protocol, params int[] weights) =>
        new(Options(protocol), ForwardingMethod.DirectRouting, VirtualPort, weights.Length > 0 ? weights : [1]);

    public static Service With(this Service service, SchedulerKind scheduler) => service with { Options = service.Options with { Scheduler = scheduler } };

    public static Service Persistent(this Service service, int seconds, int? prefixLength = null) =>
        service with { Options = service.Options with { PersistenceTimeout = seconds, PrefixLength = prefixLength } };

    public static Service OnePacket(this Service service) => service with { Options = service.Options with { IsOnePacket = true } };

    public static Service AllPorts(this Service service) => service with { RealPort = 0, Options = service.Options with { Port = 0 } };

    public static Service Marked(this Service service, uint fwmark) => service with
    {
        RealPort = 0, Options = service.Options with { Fwmark = fwmark, Protocol = IpProtocol.Ip, Address = default, Port = 0 },
    };

    public static Service IPv6(this Service service) => service with
    {
        Options = service.Options with
        {
            Family = IpFamily.IPv6, Address = service.Options.Fwmark == 0 ? Topology.Virtual(IpFamily.IPv6) : default,
        },
    };

    private static VirtualServiceOptions Options(byte protocol) => new()
    {
        Protocol = protocol, Address = Topology.Virtual(IpFamily.IPv4), Port = VirtualPort, Scheduler = SchedulerKind.Rr,
    };
}
