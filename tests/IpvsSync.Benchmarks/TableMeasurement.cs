using System.Diagnostics;
using System.Globalization;
using IpvsSync.Daemon.Table;
using IpvsSync.Protocol;

namespace IpvsSync.Benchmarks;

/// <summary>
/// The total cost of a table of many connections: resident memory per connection, and the longest call of Apply while it grows and while
/// its connections time out under a sweeper that never rests. On a busy machine the scheduler causes the longest call. So the output also
/// has the pauses of threads that only read the clock, and an estimate of the call's own time: the smaller of its thread's processor time,
/// which excludes the scheduler, and its elapsed time, because a virtual machine charges its host's time to arbitrary calls. Time that the
/// host takes within a call is still in both.
/// </summary>
internal sealed class TableMeasurement
{
    private const int Lifetimes = 60;
    private const int WatchSeconds = 5;
    private const int WarmUp = 2_000_000;

    private readonly Clock _clock = new();
    private readonly ConnectionTable _table;

    private TableMeasurement() => _table = new ConnectionTable(_clock);

    /// <summary>Measures and prints.</summary>
    public static void Run(int connections)
    {
        // The runtime compiles a method at its first call, within that call.
        new TableMeasurement().ApplyRange(0, WarmUp);
        GC.Collect();
        long before = Environment.WorkingSet;
        var measurement = new TableMeasurement();
        var keeper = new Thread(measurement._table.Memory.KeepReady);
        keeper.Start();
        PrintMachine();
        measurement.Print("growing", () => measurement.ApplyRange(0, connections));
        long resident = Environment.WorkingSet - before;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"// resident: {(double)resident / connections:F1} bytes a connection"));
        PrintMachine();
        measurement.Print("expiring", () => measurement.Expire(connections));
        PrintMachine();
        measurement._table.Memory.EndReadiness();
        keeper.Join();
    }

    /// <summary>The machine's own pauses: two threads, as many as work while connections time out, only read the clock.</summary>
    private static void PrintMachine()
    {
        Calls other = default;
        var thread = new Thread(() => other = Watch());
        thread.Start();
        Calls calls = Watch();
        thread.Join();
        calls.Add(other);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"// the machine itself, {WatchSeconds} s on two threads: longest pause {Milliseconds(calls.Longest):F2} ms, {calls.Long} above 2 ms"));
    }

    private static Calls Watch()
    {
        Calls calls = default;
        long last = Stopwatch.GetTimestamp();
        for (long end = last + (WatchSeconds * Stopwatch.Frequency); last < end;)
        {
            long now = Stopwatch.GetTimestamp();
            calls.Add(now - last, 0);
            last = now;
        }

        return calls;
    }

    private static double Milliseconds(long ticks) => ticks * 1000.0 / Stopwatch.Frequency;

    private void Print(string phase, Func<Calls> run)
    {
        int collections = GC.CollectionCount(0);
        TimeSpan paused = GC.GetTotalPauseDuration();
        Calls calls = run();
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"// {phase}: longest call {Milliseconds(calls.Longest):F2} ms, {calls.Long} of {calls.Count} above 2 ms; of its own "
            + $"{calls.Busiest / 1e6:F2} ms at most, {calls.Busy} above 2 ms; {_table.Count} connections; "
            + $"{GC.CollectionCount(0) - collections} collections, {(GC.GetTotalPauseDuration() - paused).TotalMilliseconds:F1} ms in all"));
    }

    private Calls ApplyRange(int from, int to)
    {
        Calls calls = default;
        for (int i = from; i < to; i++)
        {
            ConnectionEntry entry = Sample.Entry(i) with { Timeout = 1 + (uint)(i % Lifetimes) };
            long used = ThreadClock.Nanoseconds;
            long start = Stopwatch.GetTimestamp();
            _table.Apply(entry, Origin.Peer);
            calls.Add(Stopwatch.GetTimestamp() - start, ThreadClock.Nanoseconds - used);
        }

        return calls;
    }

    private Calls Expire(int connections)
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
            calls.Add(ApplyRange(connections, connections + 10_000));
        sweeper.Join();
        return calls;
    }

    private record struct Calls(long Count, long Longest, long Long, long Busiest, long Busy)
    {
        public void Add(long ticks, long usedNs)
        {
            long ownNs = Math.Min(usedNs, (long)(Milliseconds(ticks) * 1e6));
            Add(new Calls(1, ticks, Milliseconds(ticks) > 2 ? 1 : 0, ownNs, ownNs > 2_000_000 ? 1 : 0));
        }

        public void Add(Calls other) => this = new Calls(
            Count + other.Count, Math.Max(Longest, other.Longest), Long + other.Long, Math.Max(Busiest, other.Busiest), Busy + other.Busy);
    }

    /// <summary>A clock that moves only on demand.</summary>
    private sealed class Clock : TimeProvider
    {
        private long _seconds;

        public override long TimestampFrequency => 1;

        public void AddSecond() => Interlocked.Increment(ref _seconds);

        public override long GetTimestamp() => Volatile.Read(ref _seconds);
    }
}
