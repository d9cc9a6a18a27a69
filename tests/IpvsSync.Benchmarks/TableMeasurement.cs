using System.Diagnostics;
using System.Globalization;
using IpvsSync.Daemon.Table;
using IpvsSync.Protocol;

namespace IpvsSync.Benchmarks;

/// <summary>
/// What a table of 10 million connections costs, all in: resident memory a connection, and the longest call of Apply while it grows and
/// while its connections time out under a sweeper that never rests. On a busy machine the longest call is the scheduler's.
/// </summary>
internal sealed class TableMeasurement
{
    private const int Connections = 10_000_000;
    private const int Lifetimes = 60;

    private readonly Clock _clock = new();
    private readonly ConnectionTable _table;

    private TableMeasurement() => _table = new ConnectionTable(_clock);

    /// <summary>Measures and prints.</summary>
    public static void Run()
    {
        new TableMeasurement().Print("known connections, the machine's own pauses", () => new TableMeasurement().Again());
        GC.Collect();
        long before = Environment.WorkingSet;
        var measurement = new TableMeasurement();
        measurement.Print("growing", () => measurement.Touch(0, Connections));
        long resident = Environment.WorkingSet - before;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"resident: {(double)resident / Connections:F1} bytes a connection"));
        measurement.Print("expiring", measurement.Expire);
    }

    private static double Milliseconds(long ticks) => ticks * 1000.0 / Stopwatch.Frequency;

    private void Print(string phase, Func<Calls> run)
    {
        int collections = GC.CollectionCount(0);
        TimeSpan paused = GC.GetTotalPauseDuration();
        Calls calls = run();
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{phase}: longest call {Milliseconds(calls.Longest):F2} ms, {calls.Long} of {calls.Count} above 2 ms; {_table.Count} connections; "
            + $"{GC.CollectionCount(0) - collections} collections, {(GC.GetTotalPauseDuration() - paused).TotalMilliseconds:F1} ms in all"));
    }

    private Calls Touch(int from, int to)
    {
        Calls calls = default;
        for (int i = from; i < to; i++)
        {
            ConnectionEntry entry = Sample.Entry(i) with { Timeout = 1 + (uint)(i % Lifetimes) };
            long start = Stopwatch.GetTimestamp();
            _table.Apply(entry, Origin.Peer);
            calls.Add(Stopwatch.GetTimestamp() - start);
        }

        return calls;
    }

    private Calls Again()
    {
        Calls calls = default;
        for (int i = 0; i < Connections; i++)
            calls.Add(Touch(0, 1));
        return calls;
    }

    private Calls Expire()
    {
        bool isEnd = false;
        var sweeper = new Thread(() =>
        {
            for (int second = 0; second < Lifetimes; second++)
            {
                _clock.AddSecond();
                _table.Sweep();
            }

            Volatile.Write(ref isEnd, true);
        });
        sweeper.Start();
        Calls calls = default;
        while (!Volatile.Read(ref isEnd))
            calls.Add(Touch(Connections, Connections + 10_000));
        sweeper.Join();
        return calls;
    }

    private record struct Calls(long Count, long Longest, long Long)
    {
        public void Add(long ticks) => Add(new Calls(1, ticks, Milliseconds(ticks) > 2 ? 1 : 0));

        public void Add(Calls other) => this = new Calls(Count + other.Count, Math.Max(Longest, other.Longest), Long + other.Long);
    }

    /// <summary>Stands still but when told.</summary>
    private sealed class Clock : TimeProvider
    {
        private long _seconds;

        public override long TimestampFrequency => 1;

        public void AddSecond() => Interlocked.Increment(ref _seconds);

        public override long GetTimestamp() => Volatile.Read(ref _seconds);
    }
}
