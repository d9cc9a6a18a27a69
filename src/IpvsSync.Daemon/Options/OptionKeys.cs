using System.Globalization;

namespace IpvsSync.Daemon.Options;

/// <summary>Every key of the configuration by its name, for telling what differs between two of them.</summary>
internal static class OptionKeys
{
    /// <summary>Keys that a reload takes over; all others hold after a restart.</summary>
    public static readonly IReadOnlySet<string> Reloadable = new HashSet<string>
    {
        nameof(SyncOptions.SyncVersion), nameof(SyncOptions.SyncThreshold), nameof(SyncOptions.SyncPeriod),
        nameof(SyncOptions.SyncRefreshPeriod), nameof(SyncOptions.SyncRetries),
    };

    /// <summary>The keys, each with what reads its value.</summary>
    public static readonly IReadOnlyList<(string Key, Func<SyncOptions, object?> Value)> All =
    [
        ("Role", options => options.Role),
        ("SyncId", options => options.SyncId),
        ("Interface", options => options.Interface),
        ("Group", options => options.Group),
        ("Port", options => options.Port),
        ("Ttl", options => options.Ttl),
        ("MaxMessageSize", options => options.MaxMessageSize),
        ("SyncVersion", options => (int)options.SyncVersion),
        ("SyncPorts", options => options.SyncPorts),
        ("SyncThreshold", options => options.SyncThreshold),
        ("SyncPeriod", options => options.SyncPeriod),
        ("SyncRefreshPeriod", options => options.SyncRefreshPeriod),
        ("SyncRetries", options => options.SyncRetries),
        ("SyncPersistMode", options => options.SyncPersistMode),
        ("SyncQueueLength", options => options.SyncQueueLength),
        ("SocketBufferSize", options => options.SocketBufferSize),
        ("FlushIntervalMs", options => options.FlushIntervalMs),
        ("ControlSocket", options => options.ControlSocket),
        ("Kernel:Mode", options => options.Kernel.Mode),
        ("Kernel:Interface", options => options.Kernel.Interface),
        ("Kernel:FeedGroup", options => options.Kernel.FeedGroup),
        ("Kernel:FeedPort", options => options.Kernel.FeedPort),
        ("Kernel:InjectGroup", options => options.Kernel.InjectGroup),
        ("Kernel:InjectPort", options => options.Kernel.InjectPort),
        ("Kernel:SyncId", options => options.Kernel.SyncId),
        ("Kernel:TakeOver", options => options.Kernel.TakeOver),
        ("Kernel:PushIntervalMs", options => options.Kernel.PushIntervalMs),
        ("Kernel:PushAddress", options => options.Kernel.PushAddress),
        ("Metrics:Listen", options => options.Metrics.Listen),
    ];

    /// <summary>The keys whose values differ, in the order of the documentation.</summary>
    public static IEnumerable<OptionChange> Between(SyncOptions before, SyncOptions after) => All
        .Where(key => !Equals(key.Value(before), key.Value(after)))
        .Select(key => new OptionChange(key.Key, Text(key.Value(before)), Text(key.Value(after))));

    private static string Text(object? value) => Convert.ToString(value, CultureInfo.InvariantCulture) is { Length: > 0 } text ? text : "(none)";
}
