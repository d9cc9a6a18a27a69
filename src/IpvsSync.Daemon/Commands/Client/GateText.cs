using System.Globalization;
using IpvsSync.Daemon.Control;

namespace IpvsSync.Daemon.Commands.Client;

/// <summary>What <c>status</c> and <c>top</c> say about the gate and about what a director learns.</summary>
internal static class GateText
{
    /// <summary>The gate and why it is so: <c>gate open: full, learnt 9,876 connections from 192.0.2.2 in 0.4 s</c>.</summary>
    public static string Of(StatusResync resync) => $"gate {(resync.Open ? "open" : "closed")}: {resync.Text}";

    /// <summary>How far the director is that tells kernels everything.</summary>
    public static string Of(StatusTold told) => told switch
    {
        { Running: true } => Invariant($"kernels are told {told.Told:N0} of {told.Expected:N0} connections"),
        _ when told.Told < told.Expected => Invariant($"given up: kernels are told {told.Told:N0} of {told.Expected:N0} connections"),
        _ => Invariant($"kernels are told {told.Told:N0} connections"),
    };

    /// <summary>How often the director has learnt, by reason and outcome.</summary>
    public static TextTable Runs(StatusAnswer status)
    {
        var table = new TextTable("learnt because of", "outcome", " times");
        foreach (StatusResyncRuns runs in status.Resync?.Runs ?? [])
            table.Add(runs.Reason, runs.Outcome, runs.Count.ToString(CultureInfo.InvariantCulture));
        return table;
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
