namespace IpvsSync.Daemon.Control;

/// <summary>A client's request to the daemon: one line of JSON. A daemon ignores members that it does not know.</summary>
internal sealed record ControlRequest
{
    /// <summary>The version of the control protocol that client and daemon use here.</summary>
    public const int CurrentVersion = 1;

    /// <summary>The verb that asks for the state of the daemon.</summary>
    public const string Status = "status";

    /// <summary>The verb that lists the daemon's table.</summary>
    public const string Connections = "connections";

    /// <summary>The verb that compares the daemon's table with the kernel's.</summary>
    public const string Verify = "verify";

    /// <summary>The verb that reads the configuration again.</summary>
    public const string Reload = "reload";

    /// <summary>The verb that changes the role.</summary>
    public const string ChangeRole = "role";

    /// <summary>The verb that asks whether the director may take its addresses.</summary>
    public const string Ready = "ready";

    /// <summary>The verb that has the director learn everything anew, or tell others everything.</summary>
    public const string Resync = "resync";

    /// <summary>The verb that ends the daemon.</summary>
    public const string Stop = "stop";

    /// <summary>The client's version of the requests. It has a setter so that it is 1, not 0, if the request does not contain it.</summary>
    public int Version { get; set; } = CurrentVersion;

    /// <summary>One of the verbs above.</summary>
    public string? Verb { get; init; }

    /// <summary><see cref="Connections"/>: only those of this service, <c>10.1.0.100:80</c> or <c>[2001:db8::1]:80</c>.</summary>
    public string? Service { get; init; }

    /// <summary><see cref="Connections"/>: only those of this client.</summary>
    public string? Client { get; init; }

    /// <summary><see cref="Connections"/>: only those in the state of this name.</summary>
    public string? State { get; init; }

    /// <summary><see cref="Connections"/>: only those of this origin, <c>local</c> or <c>peer</c>.</summary>
    public string? Origin { get; init; }

    /// <summary>
    /// <see cref="Connections"/>: whether the lines of the answer are the columns of <c>ipvsadm -Lnc</c> instead of JSON. The first line is then
    /// <see cref="ConnectionLines.TextMark"/>. A daemon that does not know the member answers in JSON.
    /// </summary>
    public bool Text { get; init; }

    /// <summary><see cref="Verify"/>: the maximum number of differences to list.</summary>
    public int? Limit { get; init; }

    /// <summary><see cref="ChangeRole"/>: the new role, <c>master</c>, <c>backup</c> or <c>both</c>.</summary>
    public string? Role { get; init; }

    /// <summary><see cref="Resync"/>: the address of the peer to learn from; null for the best one.</summary>
    public string? From { get; init; }

    /// <summary><see cref="Resync"/>: the address of the peer that is to learn everything from this director.</summary>
    public string? To { get; init; }

    /// <summary><see cref="Resync"/>: whether to tell everything to the kernels in the group.</summary>
    public bool Kernels { get; init; }

    /// <summary><see cref="Kernels"/>: connections a second at most; null for <see cref="ResyncVerbs.DefaultRate"/>.</summary>
    public int? Rate { get; init; }
}
