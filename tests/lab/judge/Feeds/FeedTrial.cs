using System.Diagnostics;
using IpvsSync.Lab.Judge.Sequences;
using IpvsSync.Lab.Judge.Sequences.Lists;
using IpvsSync.Linux.Bpf;

namespace IpvsSync.Lab.Judge.Feeds;

/// <summary>Every sequence with a ring beside the kernel's master. Both must say the same, in the same order.</summary>
internal static class FeedTrial
{
    /// <summary>The kernel runs at most 38 programs at one function.</summary>
    private const int AtATime = 32;

    private const int Shown = 4;

    public static bool Run(int seed, int count)
    {
        var clock = Stopwatch.StartNew();
        var loader = new FeedLoader();
        Sequence[] sequences =
        [
            .. AllSequences.List.Concat(new RandomSequences(seed).Make(count)).Where(sequence => sequence.Settings.Version == Protocol.Wire.SyncVersion.V1),
        ];
        List<SequenceRun> runs = [.. sequences.Chunk(AtATime).SelectMany(some => SequenceTrial.Perform(some, loader))];
        foreach (SequenceRun run in runs.Where(run => !run.Ring.SequenceEqual(run.Kernel)))
            Print(run);
        int differ = runs.Count(run => !run.Ring.SequenceEqual(run.Kernel));
        Console.WriteLine(
            $"{runs.Count} sequences, {runs.Sum(run => run.Kernel.Count)} entries of the master, {runs.Sum(run => run.Ring.Count)} of the ring, "
            + $"{differ} sequences differ; {clock.Elapsed.TotalSeconds:F0} s");
        return differ == 0 && runs.Any(run => run.Ring.Count > 0);
    }

    private static void Print(SequenceRun run)
    {
        Console.WriteLine($"DIFFERENT  {run.Sequence.Name} | {run.Sequence.Service} | {run.Sequence.SettingText} | master {run.Kernel.Count}, ring {run.Ring.Count}");
        int first = run.Kernel.Zip(run.Ring).TakeWhile(pair => pair.First == pair.Second).Count();
        foreach (string entry in run.Kernel.Skip(first).Take(Shown))
            Console.WriteLine($"    master    {entry}");
        foreach (string entry in run.Ring.Skip(first).Take(Shown))
            Console.WriteLine($"    ring      {entry}");
    }
}
