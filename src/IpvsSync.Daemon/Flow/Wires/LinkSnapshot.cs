using System.Globalization;
using IpvsSync.Linux.Datagrams;

namespace IpvsSync.Daemon.Flow.Wires;

/// <summary>The sync interface at one moment.</summary>
/// <param name="State">As the kernel tells it; null while there is no such interface.</param>
/// <param name="SinceMs">Since when <see cref="Condition"/> has been as it is, on the clock of the flow.</param>
/// <param name="Changes">How often the state has changed since the start.</param>
internal sealed record LinkSnapshot(LinkState? State, long SinceMs, int Changes)
{
    /// <summary>What can be expected of the interface.</summary>
    public LinkCondition Condition => State switch
    {
        null => LinkCondition.Absent,
        { IsUp: false } => LinkCondition.Down,
        { HasCarrier: false } => LinkCondition.NoCarrier,
        { Source: null } => LinkCondition.NoAddress,
        _ => LinkCondition.Up,
    };

    /// <summary>Whether sockets can be open.</summary>
    public bool IsPresent => Condition > LinkCondition.Down;

    /// <summary>Whether it is worth sending.</summary>
    public bool CarriesMessages => Condition > LinkCondition.NoCarrier;

    /// <summary>The condition for people: <c>up</c>, <c>no carrier</c>.</summary>
    public string ConditionText => Condition switch
    {
        LinkCondition.Absent => "absent",
        LinkCondition.Down => "down",
        LinkCondition.NoCarrier => "no carrier",
        LinkCondition.NoAddress => "no address",
        _ => "up",
    };

    /// <summary>The condition for people; null while it is up.</summary>
    public string? Fault => Condition == LinkCondition.Up ? null : ConditionText;

    /// <summary>The state for the log: <c>up, index 7, sends from 10.99.0.1</c>.</summary>
    public override string ToString() => State is { IsUp: true } state
        ? string.Create(CultureInfo.InvariantCulture, $"{ConditionText}, index {state.Index}, MTU {state.Mtu}{(state.Source is { } source ? $", sends from {source}" : "")}")
        : ConditionText;
}
