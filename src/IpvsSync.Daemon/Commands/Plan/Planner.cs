using System.Runtime.InteropServices;
using IpvsSync.Daemon.Commands.Plan.Senders;
using IpvsSync.Daemon.Commands.Plan.Traffic;

namespace IpvsSync.Daemon.Commands.Plan;

/// <summary>
/// Runs the traffic through the kernel's sender and this daemon's with every policy. The same options give the same results.
/// </summary>
internal static class Planner
{
    /// <summary>
    /// The number of events that are passed to the senders at a time: many for each active connection, so that its records stay in the
    /// cache.
    /// </summary>
    private const int BatchSize = 32768;

    /// <summary>Returns two results for each policy, the kernel's before this daemon's; null if stopped.</summary>
    /// <param name="options">The arguments of the plan.</param>
    /// <param name="isStopping">Called from time to time; true stops the work.</param>
    /// <param name="progress">Called from time to time with the progress, 0 to 1.</param>
    public static IReadOnlyList<PlanResult>? Run(PlanOptions options, Func<bool> isStopping, Action<double> progress)
    {
        IPlannedSender[] senders = [.. options.Policies.SelectMany(knobs => Senders(knobs, options.Wire))];
        TrafficTape tape = new(options.Workload);
        List<DirectorEvent> events = new(2 * BatchSize);
        long untilMs = options.Duration * 1000L;
        bool goesOn = true;
        while (goesOn)
        {
            if (isStopping())
                return null;
            events.Clear();
            goesOn = tape.Fill(events, BatchSize, untilMs);
            Parallel.ForEach(senders, sender => Take(sender, events));
            progress((double)tape.NowMs / untilMs);
        }

        return [.. senders.Select(sender => sender.Finish(untilMs))];
    }

    private static IEnumerable<IPlannedSender> Senders(SyncKnobs knobs, WireOptions wire)
        => [new PlannedKernel(knobs, wire), new PlannedDaemon(knobs, wire)];

    private static void Take(IPlannedSender sender, List<DirectorEvent> events)
    {
        foreach (ref readonly DirectorEvent directorEvent in CollectionsMarshal.AsSpan(events))
            sender.Take(directorEvent);
    }
}
