using IpvsSync.Daemon.Commands.Plan.Senders;
using IpvsSync.Daemon.Counters;

namespace IpvsSync.Daemon.Commands.Demo;

/// <summary>The traffic at one point since the start.</summary>
internal readonly record struct DemoCount(long Messages, long Entries, long Bytes)
{
    /// <summary>The traffic through a stage.</summary>
    public static DemoCount Of(StageCounters stage) => new(stage.Messages, stage.Entries, stage.Bytes);

    /// <summary>The traffic that a simulated kernel sent.</summary>
    public static DemoCount Of(SentCount sent) => new(sent.Messages, sent.Entries, sent.Bytes);
}
