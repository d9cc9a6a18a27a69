namespace IpvsSync.Daemon.Control;

/// <summary>What a client asks the daemon: one line of JSON. A daemon ignores members that it does not know.</summary>
internal sealed record ControlRequest
{
    /// <summary>The version that both sides here speak.</summary>
    public const int CurrentVersion = 1;

    /// <summary>What is asked when it comes to the state of the daemon.</summary>
    public const string Status = "status";

    /// <summary>What is asked when it comes to its table.</summary>
    public const string Connections = "connections";

    /// <summary>What is asked when it comes to the kernel's table beside its own.</summary>
    public const string Verify = "verify";

    /// <summary>What is asked when the configuration is to be read anew.</summary>
    public const string Reload = "reload";

    /// <summary>What is asked when other pipelines are to run.</summary>
    public const string ChangeRole = "role";

    /// <summary>What is asked when the daemon is to end.</summary>
    public const string Stop = "stop";

    /// <summary>The client's version of the requests. Settable, since a member that is not is 0 where the request does not name it.</summary>
    public int Version { get; set; } = CurrentVersion;

    /// <summary>One of the verbs above.</summary>
    public string? Verb { get; init; }

    /// <summary><see cref="Connections"/>: of this service only, <c>10.1.0.100:80</c> or <c>[2001:db8::1]:80</c>.</summary>
    public string? Service { get; init; }

    /// <summary><see cref="Connections"/>: of this client only.</summary>
    public string? Client { get; init; }

    /// <summary><see cref="Connections"/>: in this state only, by its name.</summary>
    public string? State { get; init; }

    /// <summary><see cref="Connections"/>: of this origin only, <c>local</c> or <c>peer</c>.</summary>
    public string? Origin { get; init; }

    /// <summary><see cref="Verify"/>: so many differences at most are named.</summary>
    public int? Limit { get; init; }

    /// <summary><see cref="ChangeRole"/>: to this one, <c>master</c>, <c>backup</c> or <c>both</c>.</summary>
    public string? Role { get; init; }
}
