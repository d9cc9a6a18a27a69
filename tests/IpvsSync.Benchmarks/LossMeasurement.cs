using System.Globalization;
using IpvsSync.Daemon.Counters;
using IpvsSync.Daemon.Policy;
using IpvsSync.Daemon.Sending;
using IpvsSync.Daemon.Table;
using IpvsSync.Linux.Datagrams;
using IpvsSync.Protocol.Wire;

namespace IpvsSync.Benchmarks;

/// <summary>
/// The cost of one lost message to the sweep that sends its connections again: found through the history of the lane and, in the same run,
/// by its time with a visit to every record. The floor is a sweep without a loss. Processor time of the sweeping thread: median, least and
/// most of several runs in turn.
/// </summary>
internal sealed class LossMeasurement : IDatagramSender
{
    private const int Runs = 15;
    private const int PerMessage = 40;

    private static readonly string[] s_names = ["nothing lost", "found by the history", "found by a visit to all"];

    private readonly StageCounters _counters = new("sent");
    private readonly LaneQueue _queue;
    private readonly Sender _sender;
    private readonly ConnectionTable _table;
    private bool _loses;
    private int _next;

    private LossMeasurement(int connections)
    {
        var options = new LaneQueueOptions(SyncVersion.V1, 5, 1472, Limit: 4096, FlushIntervalMs: 0, History: SentHistory.CapacityFor(lanes: 1));
        _queue = new LaneQueue(options, _counters, TimeProvider.System);
        _sender = new Sender(_queue, this, _counters);
        _table = new ConnectionTable(TimeProvider.System, new TableOutlets(new Outlet(new Lanes([_queue]), RefreshSettings.For(60, 0), _counters)));
        while (_next < connections)
            Open(PerMessage);
        // A loss known only by its time counts everything sent within a margin of one second as lost.
        Thread.Sleep(2500);
        _table.Sweep();
    }

    /// <summary>Measures and prints, with this many connections in the table.</summary>
    public static void Run(int connections)
    {
        using var measurement = new LossMeasurement(connections);
        double[][] sweeps = [new double[Runs], new double[Runs], new double[Runs]];
        for (int run = 0; run < Runs; run++)
        {
            sweeps[0][run] = measurement.Sweep(() => measurement.Open(PerMessage));
            sweeps[1][run] = measurement.Sweep(measurement.LoseOne);
            sweeps[2][run] = measurement.Sweep(measurement.LoseOneByTime);
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"// {connections} connections, one message of {PerMessage} lost; processor time of a sweep in ms: median (least - most)"));
        foreach ((string name, double[] times) in s_names.Zip(sweeps))
        {
            Array.Sort(times);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"// {name,-24} {times[Runs / 2],9:F3} ({times[0]:F3} - {times[^1]:F3})"));
        }
    }

    /// <inheritdoc/>
    public SendOutcome Send(ReadOnlySpan<DatagramBuffer> datagrams) => _loses ? new SendOutcome(0, datagrams.Length) : new SendOutcome(datagrams.Length, 0);

    /// <inheritdoc/>
    public void Dispose()
    {
    }

    private double Sweep(Action before)
    {
        before();
        long start = ThreadClock.Nanoseconds;
        _table.Sweep();
        double ms = (ThreadClock.Nanoseconds - start) / 1e6;
        Drain();
        return ms;
    }

    private void LoseOne()
    {
        _loses = true;
        Open(PerMessage);
        _loses = false;
    }

    /// <summary>Loses a message of which only the time is known, so that the lane's history is not used.</summary>
    private void LoseOneByTime()
    {
        long since = _queue.NowMs;
        Open(PerMessage);
        _queue.LoseUnseen(since);
    }

    private void Open(int connections)
    {
        for (int i = 0; i < connections; i++)
            _table.Apply(Sample.Entry(_next++) with { Timeout = 86_400 }, Origin.Local);
        Drain();
    }

    private void Drain()
    {
        while (_sender.TryStep())
            continue;
    }
}
