using IpvsSync.Daemon.Destinations;
using IpvsSync.Daemon.Kernel;
using IpvsSync.Daemon.Table;
using IpvsSync.Protocol;

namespace IpvsSync.Daemon.Control.Verification;

/// <summary>How our table and the kernel's agree: the one line of the answer to <c>verify</c>.</summary>
internal sealed record VerifyAnswer
{
    /// <summary>Connections that were compared.</summary>
    public long Compared { get; init; }

    /// <summary>Connections of those about which both say the same.</summary>
    public long Agreeing { get; init; }

    /// <summary>The share of those that agree in percent, rounded down to hundredths.</summary>
    public double Percent { get; init; }

    /// <summary>Connections beside those: the kernel's own that it need not have told us of.</summary>
    public long Untold { get; init; }

    /// <summary>Connections beside those: ours that may have ended in the kernel without a word.</summary>
    public long Ending { get; init; }

    /// <summary>Lines of the kernel's table that could not be read.</summary>
    public long Unreadable { get; init; }

    /// <summary>Differences by kind, those that there are.</summary>
    public required IReadOnlyDictionary<string, int> Kinds { get; init; }

    /// <summary>What differs, as many as were asked for.</summary>
    public required IReadOnlyList<DifferenceAnswer> Differences { get; init; }

    /// <summary>The words for what was found.</summary>
    /// <param name="audit">An audit that has run.</param>
    /// <param name="limit">So many differences at most.</param>
    public static VerifyAnswer Of(TableAudit audit, int limit)
    {
        long agreeing = audit.Compared - audit.Differences.Count;
        return new VerifyAnswer
        {
            Compared = audit.Compared,
            Agreeing = agreeing,
            Percent = audit.Compared == 0 ? 100 : Math.Floor(agreeing * 10000.0 / audit.Compared) / 100,
            Untold = audit.Untold,
            Ending = audit.Ending,
            Unreadable = audit.Unreadable,
            Kinds = audit.Differences.CountBy(difference => difference.Kind).OrderBy(pair => pair.Key)
                .ToDictionary(pair => DifferenceAnswer.NameOf(pair.Key), pair => pair.Value),
            Differences = [.. audit.Differences.OrderBy(difference => difference.Kind).Take(limit).Select(DifferenceAnswer.Of)],
        };
    }
}

/// <summary>A connection about which both differ, in words.</summary>
/// <param name="Kind">missing in kernel, missing in table, real server, state.</param>
/// <param name="Protocol">The protocol's name.</param>
/// <param name="Source">The client.</param>
/// <param name="Virtual">The service.</param>
/// <param name="Template">Whether it is a persistence template.</param>
/// <param name="Kernel">What the kernel says; null if nothing.</param>
/// <param name="Ours">What our table says; null if nothing.</param>
internal sealed record DifferenceAnswer(
    string Kind, string Protocol, string Source, string Virtual, bool Template, DifferenceSide? Kernel, DifferenceSide? Ours)
{
    /// <summary>The words for a difference.</summary>
    public static DifferenceAnswer Of(Difference difference)
    {
        ConnectionKey key = difference.Key;
        return new DifferenceAnswer(
            NameOf(difference.Kind),
            IpProtocol.Name(key.Protocol),
            EndpointText.Of(key.Family, key.Client, key.ClientPort),
            EndpointText.Of(key.Family, key.Virtual, key.VirtualPort),
            key.IsTemplate,
            difference.Kernel is { } kernel ? DifferenceSide.Of(kernel) : null,
            difference.Ours is { } ours ? DifferenceSide.Of(ours) : null);
    }

    /// <summary>A kind's name.</summary>
    public static string NameOf(DifferenceKind kind) => kind switch
    {
        DifferenceKind.MissingInKernel => "missing in kernel",
        DifferenceKind.MissingInTable => "missing in table",
        DifferenceKind.RealServer => "real server",
        _ => "state",
    };
}

/// <summary>What one side says about a connection.</summary>
/// <param name="State">Its state's name.</param>
/// <param name="Destination">Its real server.</param>
/// <param name="Origin">
/// <c>local</c> or <c>peer</c>: in the kernel, who made it; in our table, who told of it last.
/// </param>
internal sealed record DifferenceSide(string State, string Destination, string Origin)
{
    /// <summary>The kernel's words.</summary>
    public static DifferenceSide Of(KernelConnection kernel)
        => Of(kernel.Entry, OriginText.Of(kernel.Origin == Linux.Ipvs.IpvsOrigin.Local ? Table.Origin.Local : Table.Origin.Peer));

    /// <summary>Our words.</summary>
    public static DifferenceSide Of(ConnectionRecord ours) => Of(ours.Entry, OriginText.Of(ours.Origin));

    private static DifferenceSide Of(in ConnectionEntry entry, string origin) => new(
        ConnectionState.Name(entry.Key.Protocol, entry.State, entry.Key.IsTemplate),
        EndpointText.Of(entry.Key.Family, entry.Real, entry.RealPort),
        origin);
}
