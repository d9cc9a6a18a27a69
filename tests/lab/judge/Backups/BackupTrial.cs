using System.Net;

namespace IpvsSync.Lab.Judge.Backups;

/// <summary>
/// <c>backup --source A --kernel NAMESPACE --ours NAMESPACE</c>: runs all cases at the same time. Sends the same datagrams to the kernel's
/// backup in one namespace and to the daemon in the other, then compares both kernels' connections and what their masters send in the end.
/// </summary>
internal sealed class BackupTrial : IDisposable
{
    private const int TimeoutMilliseconds = 2500;
    private const int PollMilliseconds = 50;

    private readonly BackupDirector[] _directors;
    private readonly BackupWire _wire;
    private readonly Inquiry _inquiry;
    private readonly List<CaseRun> _runs = [.. AllCases.List.Select((tried, i) => new CaseRun(tried, i + 1))];

    private BackupTrial(Arguments arguments)
    {
        // The sockets come first, because the thread is still in the namespace of the sync network.
        var source = IPAddress.Parse(arguments.Text("source"));
        var directors = new BackupDirector[2];
        _wire = new BackupWire(source, directors);
        _inquiry = new Inquiry(source, directors.Length);
        directors[0] = new BackupDirector(arguments.Text("kernel"));
        directors[1] = new BackupDirector(arguments.Text("ours"));
        _directors = directors;
    }

    public static bool Run(Arguments arguments)
    {
        using var trial = new BackupTrial(arguments);
        while (trial._runs.Exists(run => !run.IsOver)) trial.Round();
        List<Dictionary<string, string>> sent = trial._inquiry.Ask(trial._directors);
        foreach (CaseRun run in trial._runs) run.CompareSent(sent);
        foreach (CaseRun run in trial._runs) Print(run);
        int differ = trial._runs.Count(run => run.Failure is not null);
        Console.WriteLine($"masters told of {sent[0].Count} connections of the kernel's backup and {sent[1].Count} of ours");
        Console.WriteLine(
            $"{trial._runs.Count} cases, {differ} of them differ; timers at most {trial._runs.Max(run => run.TimersApart)} s apart");
        return differ == 0 && sent[0].Count > 0;
    }

    public void Dispose()
    {
        _wire.Dispose();
        _inquiry.Dispose();
        foreach (BackupDirector director in _directors) director.Dispose();
    }

    private void Round()
    {
        List<CaseRun> going = _runs.FindAll(run => !run.IsOver);
        int wait = going.Max(run => run.Advance(_wire, _directors));
        _wire.WaitUntilApplied();
        Thread.Sleep(wait);
        Compare(going.FindAll(run => !run.IsOver));
    }

    // A replaced connection disappears at the next tick, and either backup may be a little behind the other.
    private void Compare(List<CaseRun> runs)
    {
        long start = Environment.TickCount64;
        while (true)
        {
            CaseState[][] states = [.. _directors.Select(director => StatesOf(runs, director))];
            List<int> open = [.. Enumerable.Range(0, runs.Count).Where(i => !runs[i].TryPass(states[0][i], states[1][i]))];
            if (open.Count == 0) return;
            if (Environment.TickCount64 - start > TimeoutMilliseconds)
            {
                foreach (int i in open) runs[i].Fail(states[0][i], states[1][i]);
                return;
            }

            runs = [.. open.Select(i => runs[i])];
            Thread.Sleep(PollMilliseconds);
        }
    }

    private static CaseState[] StatesOf(List<CaseRun> runs, BackupDirector director)
    {
        List<KeptConnection> connections = director.Connections();
        List<(string Client, string Text)> persistence = director.Persistence();
        return [.. runs.Select(run => run.StateOf(connections, persistence, director.Ipvs))];
    }

    private static void Print(CaseRun run)
    {
        Console.WriteLine($"{(run.Failure is null ? "same" : "DIFFERENT")}  {run.Name}: {run.Course}");
        foreach (string line in run.Failure ?? []) Console.WriteLine($"    {line}");
    }
}
