using System.Globalization;
using IpvsSync.Linux;

namespace IpvsSync.Daemon.Peers;

/// <summary>How far a director is that learns, in words. The names are also those of the metrics and of JSON.</summary>
internal static class ResyncText
{
    /// <summary>How far it is: <c>full, learnt 9,876 connections from 192.0.2.2 in 0.4 s</c>.</summary>
    public static string Of(ResyncSnapshot resync) => resync.State switch
    {
        ResyncState.Asking => Text($"asking the peers for {Seconds(resync)}{Why(resync)}"),
        ResyncState.Learning => Text($"learning {Told(resync)}{From(resync.Teacher)}{Why(resync)}"),
        ResyncState.Injecting => Text($"learnt {resync.Entries:N0} connections{From(resync.Teacher)}, the kernel takes them{Why(resync)}"),
        _ => Ended(resync),
    };

    /// <summary>The gate and how far it is, on one line: <c>not ready: learning 1,234 of 9,876 connections from 192.0.2.2</c>.</summary>
    public static string Line(ResyncSnapshot resync) => $"{(resync.IsOpen ? "ready" : "not ready")}: {Of(resync)}";

    /// <summary>The name of a state.</summary>
    public static string Name(ResyncState state) => state switch
    {
        ResyncState.Asking => "asking",
        ResyncState.Learning => "learning",
        ResyncState.Injecting => "injecting",
        _ => "ready",
    };

    /// <summary>The name of a reason.</summary>
    public static string Name(ResyncReason reason) => reason switch
    {
        ResyncReason.Start => "start",
        ResyncReason.Gap => "gap",
        ResyncReason.Operator => "operator",
        ResyncReason.PeerReturned => "peer returned",
        ResyncReason.Role => "role",
        _ => "digest",
    };

    /// <summary>The name of an outcome.</summary>
    public static string Name(ResyncOutcome outcome) => outcome switch
    {
        ResyncOutcome.Full => "full",
        ResyncOutcome.Partial => "partial",
        ResyncOutcome.Alone => "alone",
        ResyncOutcome.TimedOut => "timed out",
        ResyncOutcome.Kept => "kept",
        _ => "off",
    };

    private static string Ended(ResyncSnapshot resync) => resync.Outcome switch
    {
        ResyncOutcome.Full => Text($"full, learnt {resync.Entries:N0} connections{From(resync.Teacher)} in {Seconds(resync)}"),
        ResyncOutcome.Partial => Text($"partial, learnt {resync.Entries:N0} connections{From(resync.Teacher)} in {Seconds(resync)}; no peer knew all of them"),
        ResyncOutcome.Alone => Text($"alone, no peer has answered within {Seconds(resync)}"),
        ResyncOutcome.TimedOut => Text($"timed out, learnt {Told(resync)}{From(resync.Teacher)} in {Seconds(resync)}"),
        ResyncOutcome.Kept => "kept, the kernel still has the connections",
        _ => "off, there is nothing to learn: the role is Master, or Extensions is off",
    };

    private static string Told(ResyncSnapshot resync)
        => resync.Expected > 0 ? Text($"{resync.Entries:N0} of {resync.Expected:N0} connections") : Text($"{resync.Entries:N0} connections");

    private static string From(SourceAddress? teacher) => teacher is { } peer ? $" from {peer}" : "";

    private static string Seconds(ResyncSnapshot resync) => Text($"{resync.ElapsedMs / 1000.0:0.0} s");

    /// <summary>The first time at a start needs no explanation.</summary>
    private static string Why(ResyncSnapshot resync) => (resync.Reason, resync.Outcome) switch
    {
        (ResyncReason.Start, null) => "",
        (_, null) => $" ({Name(resync.Reason)})",
        (_, { } before) => $" ({Name(resync.Reason)}; before: {Name(before)})",
    };

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
