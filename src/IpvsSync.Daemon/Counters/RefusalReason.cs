using IpvsSync.Protocol.Wire;

namespace IpvsSync.Daemon.Counters;

/// <summary>
/// A reason for refusing an entry or a message, as operators see it. Codec and table have separate reasons; those with the same name are
/// counted together.
/// </summary>
/// <param name="Name">The name in metrics, log and status.</param>
/// <param name="Codec">The codec's reason of that name; None if it has none.</param>
/// <param name="Table">The table's reason of that name; null if it has none.</param>
internal sealed record RefusalReason(string Name, Refusal Codec, TableRefusal? Table)
{
    /// <summary>Every reason: the codec's in the order of <see cref="Refusal"/>, then those that only the table has.</summary>
    public static readonly IReadOnlyList<RefusalReason> All =
    [
        .. Enum.GetNames<Refusal>().Where(name => name != nameof(Refusal.None)).Union(Enum.GetNames<TableRefusal>()).Select(Of),
    ];

    /// <summary>Whether it tells of a fault. The others are part of what kernels do: counted, and not logged.</summary>
    public bool IsFault => Table is not (TableRefusal.DeadTemplate or TableRefusal.ServerGone);

    private static RefusalReason Of(string name)
        => new(name, Enum.TryParse(name, out Refusal codec) ? codec : Refusal.None, Enum.TryParse(name, out TableRefusal table) ? table : null);
}
