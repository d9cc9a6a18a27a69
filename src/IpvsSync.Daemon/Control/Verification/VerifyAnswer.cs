using IpvsSync.Daemon.Destinations;
using IpvsSync.Daemon.Kernel;
using IpvsSync.Daemon.Table;
using IpvsSync.Protocol;

namespace IpvsSync.Daemon.Control.Verification;

/// <summary>The agreement of this daemon's table with the kernel's: the single line of the answer to <c>verify</c>.</summary>
internal sealed record VerifyAnswer
{
    /// <summary>The number of connections that were compared.</summary>
    public long Compared { get; init; }

    /// <summary>The number of compared connections that agree.</summary>
    public long Agreeing { get; init; }

    /// <summary>The percentage of compared connections that agree, rounded down to hundredths.</summary>
    public double Percent { get; init; }

    /// <summary>Connections that were not compared: in the kernel's table only, and possibly never reported by the kernel.</summary>
    public long Untold { get; init; }

    /// <summary>Connections that were not compared: in this table only, and possibly ended in the kernel without a message.</summary>
    public long Ending { get; init; }

    /// <summary>Connections that were not compared: the peers' connections while <c>backup_only</c> keeps them out of the kernel.</summary>
    public long Held { get; init; }

    /// <summary>The number of lines of the kernel's table that could not be read.</summary>
    public long Unreadable { get; init; }

    /// <summary>Connections that were not compared: the kernel's persistence templates whose real server is gone.</summary>
    public long Dead { get; init; }

    /// <summary>True if the kernel replaced its table whenever it was read: connections that seem to be missing in it may be there.</summary>
    public bool Incomplete { get; init; }

    /// <summary>The number of differences by kind; only kinds that occurred.</summary>
    public required IReadOnlyDictionary<string, int> Kinds { get; init; }

    /// <summary>The differences, up to the requested number.</summary>
    public required IReadOnlyList<DifferenceAnswer> Differences { get; init; }

    /// <summary>Makes the answer from an audit.</summary>
    /// <param name="audit">An audit that has run.</param>
    /// <param name="limit">The maximum number of differences to list.</param>
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
            Held = audit.Held,
            Dead = audit.Dead,
            Incomplete = !audit.IsComplete,
            Kinds = audit.Differences.CountBy(difference => difference.Kind).OrderBy(pair => pair.Key)
                .ToDictionary(pair => DifferenceAnswer.NameOf(pair.Key), pair => pair.Value),
            Differences = [.. audit.Differences.OrderBy(difference => difference.Kind).Take(limit).Select(DifferenceAnswer.Of)],
        };
    }
}

/// <summary>A connection that differs, as text.</summary>
/// <param name="Kind">missing in kernel, missing in table, real server, state.</param>
/// <param name="Protocol">The protocol's name.</param>
/// <param name="Source">The client.</param>
/// <param name="Virtual">The service.</param>
/// <param name="Template">Whether it is a persistence template.</param>
/// <param name="Kernel">The kernel's record; null if there is none.</param>
/// <param name="Ours">The record of this daemon's table; null if there is none.</param>
internal sealed record DifferenceAnswer(
    string Kind, string Protocol, string Source, string Virtual, bool Template, DifferenceSide? Kernel, DifferenceSide? Ours)
{
    /// <summary>Makes the text of a difference.</summary>
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

    /// <summary>The name of a kind.</summary>
    public static string NameOf(DifferenceKind kind) => kind switch
    {
        DifferenceKind.MissingInKernel => "missing in kernel",
        DifferenceKind.MissingInTable => "missing in table",
        DifferenceKind.RealServer => "real server",
        _ => "state",
    };
}

/// <summary>One side's record of a connection.</summary>
/// <param name="State">The name of its state.</param>
/// <param name="Destination">Its real server.</param>
/// <param name="Origin">
/// <c>local</c> or <c>peer</c>: in the kernel, the origin of the connection; in this table, the source of its last update.
/// </param>
internal sealed record DifferenceSide(string State, string Destination, string Origin)
{
    /// <summary>Makes the text of a kernel's record.</summary>
    public static DifferenceSide Of(KernelConnection kernel)
        => Of(kernel.Entry, OriginText.Of(kernel.Origin == Linux.Ipvs.IpvsOrigin.Local ? Table.Origin.Local : Table.Origin.Peer));

    /// <summary>Makes the text of a record of this table.</summary>
    public static DifferenceSide Of(ConnectionRecord ours) => Of(ours.Entry, OriginText.Of(ours.Origin));

    private static DifferenceSide Of(in ConnectionEntry entry, string origin) => new(
        ConnectionState.Name(entry.Key.Protocol, entry.State, entry.Key.IsTemplate),
        EndpointText.Of(entry.Key.Family, entry.Real, entry.RealPort),
        origin);
}
