using IpvsSync.Lab.Judge.Sequences.Lists;
using IpvsSync.Linux.Bpf;

namespace IpvsSync.Lab.Judge.Sequences;

/// <summary>All sequences at the same time, each through its own director, in one thread; then compares the entries.</summary>
internal static class SequenceTrial
{
    /// <summary>The number of random sequences.</summary>
    public const int DefaultCount = 60;

    private const int MasterDelay = 5000; // milliseconds: a kernel's master keeps a part-filled message for up to 3 s (spec §5.6), and then its thread must run
    private const int Shown = 4;

    public static bool Run(int seed, int count)
    {
        IEnumerable<Sequence> sequences = AllSequences.List.Concat(new RandomSequences(seed).Make(count));
        List<SequenceRun> runs = Perform(sequences, null);
        runs.ForEach(Print);
        int differ = runs.Count(run => !run.IsSame);
        Console.WriteLine($"{runs.Count} sequences, {runs.Sum(run => run.Kernel.Count)} entries of the kernel, {differ} sequences differ");
        return differ == 0;
    }

    /// <summary>Performs sequences at the same time; with a loader, each with a ring beside the master.</summary>
    public static List<SequenceRun> Perform(IEnumerable<Sequence> sequences, FeedLoader? loader)
    {
        List<SequenceRun> runs = [.. sequences.Select(sequence => new SequenceRun(sequence, loader))];
        Drive(runs);
        Thread.Sleep(MasterDelay);
        foreach (SequenceRun run in runs)
        {
            run.Conclude();
            run.Dispose();
        }

        return runs;
    }

    // Performs the step that is due first, of whichever run.
    private static void Drive(List<SequenceRun> runs)
    {
        var due = new PriorityQueue<SequenceRun, long>();
        foreach (SequenceRun run in runs) Schedule(run, Environment.TickCount64);
        while (due.TryDequeue(out SequenceRun? run, out long time))
        {
            Thread.Sleep((int)Math.Max(0, time - Environment.TickCount64));
            long now;
            do run.TakeStep(now = Environment.TickCount64);
            while (run.NextWait == 0);
            Schedule(run, now);
        }

        void Schedule(SequenceRun run, long now)
        {
            if (run.NextWait is int wait) due.Enqueue(run, now + wait);
        }
    }

    private static void Print(SequenceRun run)
    {
        Console.WriteLine(
            $"{(run.IsSame ? "same" : "DIFFERENT")}  {run.Sequence.Name} | {run.Sequence.Service} | {run.Sequence.SettingText} | " +
            $"kernel {run.Kernel.Count}, predicted {run.Predicted.Count}");
        if (run.IsSame) return;
        Console.WriteLine($"    packets   {run.Sequence.Script}");
        int first = run.Kernel.Zip(run.Predicted).TakeWhile(pair => pair.First == pair.Second).Count();
        Console.WriteLine($"    the first {first} entries are the same, then");
        foreach (string entry in run.Kernel.Skip(first).Take(Shown)) Console.WriteLine($"    kernel    {entry}");
        foreach (string entry in run.Predicted.Skip(first).Take(Shown)) Console.WriteLine($"    predicted {entry}");
    }
}
