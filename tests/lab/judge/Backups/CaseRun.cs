using IpvsSync.Linux.Ipvs;

namespace IpvsSync.Lab.Judge.Backups;

/// <summary>One case in progress through both backups.</summary>
internal sealed class CaseRun(BackupCase tried, int number)
{
    // Seconds. An entry without news reaches the daemon's kernel up to 5 s later, and a case may take its steps in between.
    private const int TimerTolerance = 7;

    private readonly Scene _scene = new(number);
    private readonly Queue<Step> _steps = new(tried.Script(new Scene(number)));
    private readonly List<IpvsService> _services = [];
    private readonly List<string> _passed = [];

    public string Name => tried.Name;

    public bool IsOver => Failure is not null || _steps.Count == 0;

    /// <summary>The lines of a difference; null if there is none.</summary>
    public IReadOnlyList<string>? Failure { get; private set; }

    /// <summary>The state of the kernel's backup, and of the daemon's kernel, at each comparison.</summary>
    public string Course => string.Join("; ", _passed);

    /// <summary>The number of the case's connections that the kernel's master sent in the end.</summary>
    public int Entries { get; private set; }

    /// <summary>The largest difference of two timers, in seconds.</summary>
    public long TimersApart { get; private set; }

    /// <summary>Performs the steps up to the next comparison.</summary>
    /// <returns>The time to wait before it, in milliseconds.</returns>
    public int Advance(BackupWire wire, IReadOnlyList<BackupDirector> directors)
    {
        int wait = 0;
        while (!IsOver && _steps.Peek() is not (Step.Then or Step.Settle))
        {
            Step step = _steps.Dequeue();
            if (step is Step.Wait pause) wait += pause.Milliseconds;
            else if (step is Step.Send send) wire.Send(send.Message);
            else foreach (BackupDirector director in directors) Change(director.Ipvs, step);
            Remember(step);
        }

        return wait;
    }

    /// <summary>Selects the state of this case from the complete state of one backup.</summary>
    public CaseState StateOf(List<KeptConnection> connections, List<(string Client, string Text)> persistence, IpvsClient ipvs) => new(
        connections.FindAll(connection => IsMine(connection.Key[(connection.Key.IndexOf(' ', StringComparison.Ordinal) + 1)..])),
        [.. persistence.Where(data => IsMine(data.Client)).Select(data => data.Text)],
        [.. _services.SelectMany(service => CaseState.CountersOf(ipvs.GetDestinations(service)))]);

    /// <summary>Compares. At a difference nothing changes, because either backup may not be finished yet.</summary>
    /// <returns>Whether the case can go on.</returns>
    public bool TryPass(CaseState kernel, CaseState ours)
    {
        if (!kernel.Lasting.SequenceEqual(ours.Lasting)) return false;
        if (_steps.Peek() is Step.Then then)
        {
            if (kernel.ToString() != then.Expected || kernel.TimersApart(ours) > TimerTolerance) return false;
            TimersApart = Math.Max(TimersApart, kernel.TimersApart(ours));
            _passed.Add(then.Expected.Length == 0 ? "nothing" : then.Expected);
        }

        _ = _steps.Dequeue();
        return true;
    }

    /// <summary>Ends the case with a difference.</summary>
    public void Fail(CaseState kernel, CaseState ours)
    {
        List<string> lines = [.. Lines("kernel", kernel), .. Lines("ours  ", ours)];
        if (_steps.Peek() is Step.Then then) lines.Insert(0, $"expected {then.Expected}");
        Failure = lines;
    }

    /// <summary>Compares what the masters sent for this case in the end.</summary>
    public void CompareSent(IReadOnlyList<Dictionary<string, string>> sent)
    {
        if (Failure is not null) return;
        List<string>[] mine = [.. sent.Select(entries => entries.Values.Where(IsOfMine).Order(StringComparer.Ordinal).ToList())];
        Entries = mine[0].Count;
        bool isRight = tried.Sent is null || (Entries > 0 && mine[0].TrueForAll(text => text.Contains(tried.Sent, StringComparison.Ordinal)));
        if (isRight && mine[0].SequenceEqual(mine[1]))
        {
            if (tried.Sent is not null) _passed.Add($"a master tells of {tried.Sent}");
            return;
        }

        Failure =
        [
            $"a master is to tell of {tried.Sent ?? "the same"}",
            .. mine[0].Select(text => $"kernel   {text}"),
            .. mine[1].Select(text => $"ours     {text}"),
        ];
    }

    private bool IsOfMine(string entry) => entry.Contains($" 172.16.{number}.", StringComparison.Ordinal);

    private static IEnumerable<string> Lines(string whose, CaseState state) =>
    [
        $"{whose}   {state}",
        .. state.Connections.Select(connection => $"{whose}     {connection.Lasting} {connection.Expires}"),
    ];

    private static void Change(IpvsClient ipvs, Step step)
    {
        switch (step)
        {
            case Step.AddService add:
                ipvs.AddService(add.Service);
                foreach (IpvsDestination destination in add.Destinations) ipvs.AddDestination(add.Service, destination);
                break;
            case Step.AddDestination add:
                ipvs.AddDestination(add.Service, add.Destination);
                break;
            case Step.RemoveService remove:
                ipvs.DeleteService(remove.Service);
                break;
        }
    }

    private void Remember(Step step)
    {
        if (step is Step.AddService add) _services.Add(add.Service);
        else if (step is Step.RemoveService remove) _services.Remove(remove.Service);
    }

    private bool IsMine(string client) =>
        client.StartsWith(_scene.ClientPrefix, StringComparison.Ordinal) || client.StartsWith(_scene.IPv6.ClientPrefix, StringComparison.Ordinal);
}
