using System.Globalization;

namespace IpvsSync.Daemon.Options;

/// <summary>Every key of the configuration by its name, and whether a reload applies it.</summary>
internal static class OptionKeys
{
    /// <summary>The keys, in the order of the documentation. Those with a third part are the ones that a reload applies.</summary>
    public static readonly IReadOnlyList<OptionKey> All =
    [
        new("Role", options => options.Role),
        new("SyncId", options => options.SyncId),
        new("Interface", options => options.Interface) { MayBeList = true },
        new("WaitForInterface", options => options.WaitForInterface),
        new("Group", options => options.Group),
        new("Peers", options => options.Peers) { MayBeList = true },
        new("Port", options => options.Port),
        new("Ttl", options => options.Ttl),
        new("MaxMessageSize", options => options.MaxMessageSize),
        new("SyncVersion", options => (int)options.SyncVersion, (held, fresh) => held with { SyncVersion = fresh.SyncVersion }),
        new("SyncPorts", options => options.SyncPorts),
        new("SyncThreshold", options => options.SyncThreshold, (held, fresh) => held with { SyncThreshold = fresh.SyncThreshold }),
        new("SyncPeriod", options => options.SyncPeriod, (held, fresh) => held with { SyncPeriod = fresh.SyncPeriod }),
        new("SyncRefreshPeriod", options => options.SyncRefreshPeriod, (held, fresh) => held with { SyncRefreshPeriod = fresh.SyncRefreshPeriod }),
        new("SyncRetries", options => options.SyncRetries, (held, fresh) => held with { SyncRetries = fresh.SyncRetries }),
        new("IdleRefreshPeriod", options => options.IdleRefreshPeriod, (held, fresh) => held with { IdleRefreshPeriod = fresh.IdleRefreshPeriod }),
        new("SyncPersistMode", options => options.SyncPersistMode),
        new("SyncQueueLength", options => options.SyncQueueLength),
        new("SocketBufferSize", options => options.SocketBufferSize),
        new("FlushIntervalMs", options => options.FlushIntervalMs),
        new("Extensions", options => options.Extensions),
        new("MaxConnections", options => options.MaxConnections, (held, fresh) => held with { MaxConnections = fresh.MaxConnections }),
        new("ControlSocket", options => options.ControlSocket),
        new("ControlGroup", options => options.ControlGroup),
        new("Kernel:Mode", options => options.Kernel.Mode),
        new("Kernel:Interface", options => options.Kernel.Interface),
        new("Kernel:FeedGroup", options => options.Kernel.FeedGroup),
        new("Kernel:FeedPort", options => options.Kernel.FeedPort),
        new("Kernel:InjectGroup", options => options.Kernel.InjectGroup),
        new("Kernel:InjectPort", options => options.Kernel.InjectPort),
        new("Kernel:SyncId", options => options.Kernel.SyncId),
        new("Kernel:TakeOver", options => options.Kernel.TakeOver),
        new("Kernel:Sysctls", options => options.Kernel.Sysctls),
        new("Kernel:Feed", options => options.Kernel.Feed),
        new("Kernel:FeedLoader", options => options.Kernel.FeedLoader),
        new("Kernel:PushIntervalMs", options => options.Kernel.PushIntervalMs),
        new("Kernel:PushAddress", options => options.Kernel.PushAddress),
        new("Resync:AloneAfter", options => options.Resync.AloneAfter),
        new("Resync:TimeLimit", options => options.Resync.TimeLimit),
        new("Authentication:Mode", options => options.Authentication.Mode, (held, fresh) => Change(held, held.Authentication with { Mode = fresh.Authentication.Mode })),
        new("Authentication:Keys", options => options.Authentication.Keys, (held, fresh) => Change(held, held.Authentication with { Keys = fresh.Authentication.Keys })),
        new(
            "Authentication:ActiveKey", options => options.Authentication.ActiveKey, (held, fresh) => Change(held, held.Authentication with { ActiveKey = fresh.Authentication.ActiveKey })),
        new("Metrics:Listen", options => options.Metrics.Listen),
    ];

    /// <summary><paramref name="held"/> with the keys of <paramref name="fresh"/> that a reload applies.</summary>
    public static SyncOptions Reload(SyncOptions held, SyncOptions fresh)
        => All.Aggregate(held, (options, key) => key.Reload?.Invoke(options, fresh) ?? options);

    /// <summary>The keys whose values differ and that a reload applies, or the others.</summary>
    public static IEnumerable<OptionChange> Between(SyncOptions before, SyncOptions after, bool areReloadable)
        => Between(All.Where(key => key.IsReloadable == areReloadable), before, after);

    /// <summary>The keys whose values differ, in the order of the documentation.</summary>
    public static IEnumerable<OptionChange> Between(SyncOptions before, SyncOptions after) => Between(All, before, after);

    private static SyncOptions Change(SyncOptions held, AuthenticationOptions authentication) => held with { Authentication = authentication };

    private static IEnumerable<OptionChange> Between(IEnumerable<OptionKey> keys, SyncOptions before, SyncOptions after) => keys
        .Where(key => !Equals(key.Value(before), key.Value(after)))
        .Select(key => new OptionChange(key.Name, Text(key.Value(before)), Text(key.Value(after))));

    private static string Text(object? value) => Convert.ToString(value, CultureInfo.InvariantCulture) is { Length: > 0 } text ? text : "(none)";
}
