using System.Diagnostics;
using IpvsSync.Lab;
using IpvsSync.Lab.Judge.Backups;
using IpvsSync.Lab.Judge.Cases;
using IpvsSync.Lab.Judge.Feeds;
using IpvsSync.Lab.Judge.Forecast;
using IpvsSync.Lab.Judge.Kernel;
using IpvsSync.Lab.Judge.Sequences;
using IpvsSync.Lab.Judge.Transitions;

// vectors: spec §11 and §11.1, one by one.
// mutants --seed N [--count N] [--batch N]: valid messages that are then damaged.
// backup: the same messages to the kernel's backup and to the daemon, and what both kernels keep.
// tcp, sctp: every transition of the state machine.
// sequences --seed N [--count N]: the same packets to the kernel's IPVS and to the embedded director.
// feed --seed N [--count N]: the same packets to the kernel's IPVS; what its master says, and what the BPF program says.
// mixed --namespaces A,B [--seconds N] [--rate N] [--seed N]: random connections of every kind through directors of the bed.
// traffic: the messages that a kernel would send for recorded packets.
// The generation of the kernel is found out by trying, where it makes a difference (spec §9.3).
// Each line is for people; the exit status is the verdict.
try
{
    var arguments = new Arguments(args.AsSpan(Math.Min(1, args.Length)));
    var clock = Stopwatch.StartNew();
    bool same = args.FirstOrDefault() switch
    {
        "vectors" => VectorTrial.Run(Generation.Find()),
        "mutants" => MutantTrial.Run(
            Generation.Find(), arguments.Number("seed", 1), arguments.Number("count", MutantTrial.DefaultCount),
            arguments.Number("batch", MutantTrial.DefaultBatch)),
        "backup" => BackupTrial.Run(arguments),
        "tcp" => TransitionTrial.Run(StateMachine.Tcp),
        "sctp" => TransitionTrial.Run(StateMachine.Sctp),
        "sequences" => SequenceTrial.Run(arguments.Number("seed", 1), arguments.Number("count", SequenceTrial.DefaultCount)),
        "feed" => FeedTrial.Run(arguments.Number("seed", 1), arguments.Number("count", SequenceTrial.DefaultCount)),
        "mixed" => MixedLoad.Run(arguments),
        "traffic" => TrafficForecast.Run(arguments),
        _ => throw new ArgumentException("verbs: vectors mutants backup traffic tcp sctp sequences feed mixed"),
    };
    Console.WriteLine($"{clock.Elapsed.TotalSeconds:F1} s");
    return same ? 0 : 1;
}
catch (Exception e) when (e is ArgumentException or IOException or FormatException or TimeoutException)
{
    Console.Error.WriteLine($"ipvs-judge: {e.Message}");
    return 1;
}
