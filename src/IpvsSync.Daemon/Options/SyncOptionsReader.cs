using System.Net;
using System.Net.Sockets;
using System.Numerics;
using System.Text;
using IpvsSync.Linux.Files;
using IpvsSync.Linux.Links;
using IpvsSync.Linux.Processes;
using IpvsSync.Protocol.Wire;
using Microsoft.Extensions.Configuration;
using Serilog.Events;

namespace IpvsSync.Daemon.Options;

/// <summary>
/// Turns the configuration into options and checks all of it. Every unknown key and every bad value is reported, not only the first.
/// </summary>
internal sealed class SyncOptionsReader(IReadOnlyList<string> interfaces)
{
    /// <summary>The kernel's largest number of lanes (spec §5.1, PORTS_MAX).</summary>
    public const int MaxLanes = 64;

    /// <summary>The largest refresh period that every kernel accepts: 2147483647 ticks at the fastest clock, HZ 1000 (spec §4.6).</summary>
    private const int MaxRefreshSeconds = int.MaxValue / 1000;

    /// <summary>Bytes of sun_path (linux/un.h), without the terminating one.</summary>
    private const int MaxSocketPath = 107;

    /// <summary>The most connections that the table can hold, however their keys fall to its parts.</summary>
    private const int MaxConnections = 1 << 24;

    private readonly List<string> _faults = [];

    /// <summary>The directory of systemd's credentials, which keys can be; null for none.</summary>
    public string? Credentials { get; init; }

    /// <summary>Tells whether the library that signs is there.</summary>
    public Func<bool> HasCryptography { get; init; } = () => CryptographyLibrary.IsThere;

    private int _missingInterfaces;

    /// <summary>
    /// The options and the log level of <paramref name="configuration"/>, on a host with these network <paramref name="interfaces"/>.
    /// Faults that the caller has found are reported together with those found here.
    /// </summary>
    /// <exception cref="ConfigurationException">With every fault.</exception>
    public static (SyncOptions Options, LogEventLevel LogLevel) Read(
        IConfiguration configuration, IReadOnlyList<string> interfaces, params IEnumerable<string> knownFaults)
        => new SyncOptionsReader(interfaces).Read(configuration, knownFaults);

    /// <summary>The same, once.</summary>
    /// <exception cref="ConfigurationException">With every fault.</exception>
    public (SyncOptions Options, LogEventLevel LogLevel) Read(IConfiguration configuration, IEnumerable<string> knownFaults)
    {
        _faults.AddRange(knownFaults);
        SyncOptions options = ReadSync(configuration.GetSection("IpvsSync"));
        LogEventLevel level = ReadLogLevel(configuration.GetSection("Log"));
        return _faults.Count == 0 ? (options, level) : throw Refusal();
    }

    private ConfigurationException Refusal() => new(_faults) { MayPass = _faults.Count == _missingInterfaces };

    private SyncOptions ReadSync(IConfigurationSection section)
    {
        var keys = new SectionReader(section, _faults);
        var defaults = new SyncOptions();
        var options = new SyncOptions
        {
            Role = keys.Choice("Role", defaults.Role),
            SyncId = keys.Number("SyncId", defaults.SyncId, 0, 255),
            Interface = keys.Texts("Interface"),
            WaitForInterface = keys.Switch("WaitForInterface", defaults.WaitForInterface),
            Group = keys.OptionalGroup("Group", defaults.Group),
            Peers = keys.Peers("Peers"),
            Port = keys.Number("Port", defaults.Port, 1, 65535),
            Ttl = keys.Number("Ttl", defaults.Ttl, 1, 255),
            MaxMessageSize = keys.Number("MaxMessageSize", defaults.MaxMessageSize, 0, 65507),
            SyncVersion = (SyncVersion)keys.Number("SyncVersion", (int)defaults.SyncVersion, 0, 1),
            SyncPorts = keys.Number("SyncPorts", defaults.SyncPorts, 1, MaxLanes),
            SyncThreshold = keys.Number("SyncThreshold", defaults.SyncThreshold, 0, int.MaxValue),
            SyncPeriod = keys.Number("SyncPeriod", defaults.SyncPeriod, 0, int.MaxValue),
            SyncRefreshPeriod = keys.Number("SyncRefreshPeriod", defaults.SyncRefreshPeriod, 0, MaxRefreshSeconds),
            SyncRetries = keys.Number("SyncRetries", defaults.SyncRetries, 0, 3),
            IdleRefreshPeriod = keys.Number("IdleRefreshPeriod", defaults.IdleRefreshPeriod, 0, MaxRefreshSeconds),
            SyncPersistMode = keys.Number("SyncPersistMode", defaults.SyncPersistMode, int.MinValue, int.MaxValue),
            SyncQueueLength = keys.Number("SyncQueueLength", defaults.SyncQueueLength, 0, int.MaxValue),
            SocketBufferSize = keys.Number("SocketBufferSize", defaults.SocketBufferSize, 0, int.MaxValue / 2),
            FlushIntervalMs = keys.Number("FlushIntervalMs", defaults.FlushIntervalMs, 0, 10_000),
            Extensions = keys.Switch("Extensions", defaults.Extensions),
            MaxConnections = keys.Number("MaxConnections", defaults.MaxConnections, 0, MaxConnections),
            ControlSocket = keys.Text("ControlSocket", defaults.ControlSocket),
            ControlGroup = keys.Group("ControlGroup"),
            Kernel = ReadKernel(keys.Section("Kernel")),
            Resync = ReadResync(keys.Section("Resync")),
            Authentication = new AuthenticationReader(keys.Section("Authentication"), Credentials, HasCryptography).Read(keys.Switch("Extensions", defaults.Extensions)),
            Metrics = ReadMetrics(keys.Section("Metrics")),
        };
        keys.RejectUnknownKeys();
        CheckInterfaces(keys, options);
        CheckPeers(keys, options);
        CheckNumbers(keys, options);
        CheckPorts(keys, options);
        CheckControlSocket(keys, options.ControlSocket);
        return options;
    }

    private KernelOptions ReadKernel(SectionReader keys)
    {
        var defaults = new KernelOptions();
        var options = new KernelOptions
        {
            Mode = keys.Choice("Mode", defaults.Mode),
            Interface = keys.Text("Interface", defaults.Interface),
            FeedGroup = keys.Group("FeedGroup", defaults.FeedGroup),
            FeedPort = keys.Number("FeedPort", defaults.FeedPort, 1, 65535),
            InjectGroup = keys.Group("InjectGroup", defaults.InjectGroup),
            InjectPort = keys.Number("InjectPort", defaults.InjectPort, 1, 65535),
            SyncId = keys.Number("SyncId", defaults.SyncId, 0, 255),
            TakeOver = keys.Switch("TakeOver", defaults.TakeOver),
            Sysctls = keys.Choice("Sysctls", defaults.Sysctls),
            Feed = keys.Choice("Feed", defaults.Feed),
            FeedLoader = keys.Text("FeedLoader", defaults.FeedLoader),
            PushIntervalMs = keys.Number("PushIntervalMs", defaults.PushIntervalMs, 0, 1000),
            PushAddress = keys.IPv4("PushAddress", defaults.PushAddress),
        };
        keys.RejectUnknownKeys();
        if (options.IsConnected)
            CheckInterfaceExists(keys, options.Interface);
        if ((options.PushAddress.GetAddressBytes()[3] & 7) is 0 or > 4)
            keys.Fault("PushAddress", $"{options.PushAddress} and the two addresses after it must be hosts of one /29 network, as 192.0.2.1 is");
        CheckSocketPath(keys, "FeedLoader", options.FeedLoader);
        CheckLoopbackGroup(keys, "FeedGroup", options.FeedGroup, options.Interface);
        CheckLoopbackGroup(keys, "InjectGroup", options.InjectGroup, options.Interface);
        return options;
    }

    private static ResyncOptions ReadResync(SectionReader keys)
    {
        var defaults = new ResyncOptions();
        var options = new ResyncOptions
        {
            AloneAfter = keys.Decimal("AloneAfter", defaults.AloneAfter, 0, 3600),
            TimeLimit = keys.Number("TimeLimit", defaults.TimeLimit, 1, 86_400),
        };
        keys.RejectUnknownKeys();
        return options;
    }

    private static MetricsOptions ReadMetrics(SectionReader keys)
    {
        var options = new MetricsOptions { Listen = keys.Listen("Listen") };
        keys.RejectUnknownKeys();
        return options;
    }

    /// <summary>The kernel has no IPv6 multicast route on its loopback: its master would not start.</summary>
    private static void CheckLoopbackGroup(SectionReader keys, string key, IPAddress group, string name)
    {
        if (name == "lo" && group.AddressFamily == AddressFamily.InterNetworkV6)
            keys.Fault(key, $"'{group}' cannot be used on lo, which carries no IPv6 multicast; take an IPv4 group");
    }

    private LogEventLevel ReadLogLevel(IConfigurationSection section)
    {
        var keys = new SectionReader(section, _faults);
        LogEventLevel level = keys.Choice("Level", LogEventLevel.Information);
        keys.RejectUnknownKeys();
        return level;
    }

    private void CheckInterfaces(SectionReader keys, SyncOptions options)
    {
        if (options.Interface.Count == 0 && !keys.IsFaulty("Interface"))
            keys.Fault("Interface", $"is required: the interface of the sync network ({Existing()})");
        if (options.Interface.Count > FlowConstants.MaxLinks)
            keys.Fault("Interface", $"{options.Interface.Count} interfaces; at most {FlowConstants.MaxLinks} are used");
        foreach (string name in options.Interface)
        {
            if (!options.WaitForInterface)
                CheckInterfaceExists(keys, name);
            else if (!NetworkInterfaces.CanBeName(name))
                keys.Fault("Interface", $"{SectionReader.Quoted(name)} cannot be the name of an interface");
        }
    }

    private static void CheckPeers(SectionReader keys, SyncOptions options)
    {
        if (options.Peers.Count > FlowConstants.MaxUnicastPeers)
            keys.Fault("Peers", $"{options.Peers.Count} addresses; at most {FlowConstants.MaxUnicastPeers} are sent to");
        if (options.Group is null && options.Peers.Count == 0 && !keys.IsFaulty("Peers"))
            keys.Fault("Group", "is empty, and there are no Peers: nobody would be sent to");
        foreach (PeerAddress peer in options.Peers.Where(peer => peer.Port + options.SyncPorts - 1 > 65535))
            keys.Fault("Peers", $"{peer} leaves no room for {options.SyncPorts} lanes below 65536");
    }

    private void CheckInterfaceExists(SectionReader keys, string name)
    {
        if (interfaces.Contains(name))
            return;
        _missingInterfaces++;
        keys.Fault("Interface", $"there is no interface {SectionReader.Quoted(name)} here ({Existing()})");
    }

    private string Existing() => $"existing: {string.Join(", ", interfaces)}";

    private static void CheckNumbers(SectionReader keys, SyncOptions options)
    {
        if (!BitOperations.IsPow2(options.SyncPorts))
            keys.Fault("SyncPorts", $"{options.SyncPorts} is not a power of two");
        if (options.SyncPeriod != 0 && options.SyncThreshold >= options.SyncPeriod)
            keys.Fault("SyncThreshold", $"{options.SyncThreshold} must be below SyncPeriod {options.SyncPeriod}, or SyncPeriod 0");
    }

    private static void CheckControlSocket(SectionReader keys, string path)
    {
        CheckSocketPath(keys, "ControlSocket", path);
        if (!keys.IsFaulty("ControlSocket") && FileKinds.At(path) is not (FileKind.None or FileKind.Socket) and FileKind kind)
            keys.Fault("ControlSocket", $"{path} is {FileKinds.Text(kind)}; it must be free, or a socket that a daemon has left");
    }

    private static void CheckSocketPath(SectionReader keys, string key, string path)
    {
        if (keys.IsFaulty(key))
            return;
        if (!path.StartsWith('/') || path.EndsWith('/') || path.Any(char.IsControl) || Encoding.UTF8.GetByteCount(path) > MaxSocketPath)
            keys.Fault(key, $"{SectionReader.Quoted(path)} is not an absolute path of a socket, with at most {MaxSocketPath} bytes");
    }

    /// <summary>Ports of the peers, the feed and the injector must not overlap: the kernel's feed would be received as a peer's message.</summary>
    private static void CheckPorts(SectionReader keys, SyncOptions options)
    {
        CheckLast(keys, "Port", options.Port, options.SyncPorts);
        if (!options.Kernel.IsConnected)
            return;
        CheckLast(keys, "Kernel:FeedPort", options.Kernel.FeedPort, options.SyncPorts);
        CheckLast(keys, "Kernel:InjectPort", options.Kernel.InjectPort, options.SyncPorts);
        CheckApart(keys, "Kernel:FeedPort", options.Kernel.FeedPort, "Kernel:InjectPort", options.Kernel.InjectPort, options.SyncPorts);
        CheckApart(keys, "Kernel:FeedPort", options.Kernel.FeedPort, "Port", options.Port, options.SyncPorts);
        CheckApart(keys, "Kernel:InjectPort", options.Kernel.InjectPort, "Port", options.Port, options.SyncPorts);
    }

    private static void CheckLast(SectionReader keys, string key, int first, int lanes)
    {
        if (first + lanes - 1 > 65535)
            keys.Fault(key, $"{first} leaves no room for {lanes} lanes below 65536");
    }

    private static void CheckApart(SectionReader keys, string key, int first, string otherKey, int otherFirst, int lanes)
    {
        if (Math.Abs(first - otherFirst) < lanes)
            keys.Fault(key, $"ports {first}-{first + lanes - 1} overlap those of {otherKey}, {otherFirst}-{otherFirst + lanes - 1}");
    }
}
