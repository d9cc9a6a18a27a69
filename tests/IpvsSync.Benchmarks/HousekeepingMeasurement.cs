using System.Diagnostics;
using System.Globalization;
using System.Net;
using IpvsSync.Daemon.Counters;
using IpvsSync.Daemon.Destinations;
using IpvsSync.Daemon.Policy;
using IpvsSync.Daemon.Sending;
using IpvsSync.Daemon.Table;
using IpvsSync.Linux.Ipvs;
using IpvsSync.Protocol;
using IpvsSync.Protocol.Wire;

namespace IpvsSync.Benchmarks;

/// <summary>
/// Measures what housekeeping does with many connections of the peers that have no real server here: the longest that it keeps its thread, and in how
/// many rounds it is done.
/// </summary>
internal static class HousekeepingMeasurement
{
    private const uint TimeoutSeconds = 900;

    /// <summary>Measures and prints.</summary>
    public static void Run(int connections)
    {
        var time = new ShiftedTime();
        var destinations = new DestinationCache();
        var counters = new StageCounters("injected");
        var queue = new LaneQueue(new LaneQueueOptions(SyncVersion.V1, 0, 1472, Limit: 1000, FlushIntervalMs: 2), counters, time);
        var outlet = new Outlet(new Lanes([queue]), new RefreshSettings(5000, 0), counters);
        var table = new ConnectionTable(time, new TableOutlets(toKernel: outlet, destinations: destinations));
        Configure(destinations, 9090);
        for (int number = 0; number < connections; number++)
            table.Apply(Entry(number), Origin.Peer);
        Rounds("nothing due", table, rounds: 3);
        Time("count what is missing", () => table.CountMissing(destinations.Snapshot));
        Configure(destinations, 9091);
        table.Rebind();
        Rounds("other servers, still none of these", table, rounds: 10);
        Configure(destinations, 8080);
        table.Rebind();
        Rounds("servers appear", table, rounds: 20);
        outlet.Open(new Lanes([queue]), sinceMs: 0);
        Rounds("outlet opens", table, rounds: 10);
        time.Shift(TimeSpan.FromSeconds(TimeoutSeconds + 1));
        Rounds("all time out", table, rounds: 20);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"left: {table.Count} connections"));
    }

    private static void Rounds(string what, ConnectionTable table, int rounds)
    {
        double[] seconds = [.. Enumerable.Range(0, rounds).Select(_ => Seconds(() => table.Sweep()))];
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{what}: the longest of {rounds} sweeps took {seconds.Max() * 1000:F0} ms, all {seconds.Sum() * 1000:F0} ms; {table.Unbound} unbound"));
    }

    private static void Time(string what, Action action)
        => Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{what}: {Seconds(action) * 1000:F1} ms"));

    private static double Seconds(Action action)
    {
        long begun = Stopwatch.GetTimestamp();
        action();
        return Stopwatch.GetElapsedTime(begun).TotalSeconds;
    }

    private static ConnectionEntry Entry(int number) => new()
    {
        Key = new ConnectionKey
        {
            Family = IpFamily.IPv4,
            Protocol = IpProtocol.Tcp,
            Client = Address.FromIPv4(0x0B000000u + (uint)number),
            ClientPort = 40001,
            Virtual = Address.FromIPv4(0xCB00710A),
            VirtualPort = 80,
        },
        Real = Address.FromIPv4(0x0A00000B),
        RealPort = 8080,
        State = 1,
        Timeout = TimeoutSeconds,
    };

    private static void Configure(DestinationCache destinations, ushort port)
    {
        var service = new ServiceName(IpFamily.IPv4, 0, IpProtocol.Tcp, Address.FromIPv4(0xCB00710A), 80);
        IpvsDestination[] servers = [new IpvsDestination { Address = IPAddress.Parse("10.0.0.11"), Port = port }];
        destinations.Update(new DestinationSnapshot([(service, servers)]), KernelTimeouts.Default);
    }

    /// <summary>The system's time, some time ahead.</summary>
    private sealed class ShiftedTime : TimeProvider
    {
        private long _ahead;

        public void Shift(TimeSpan span) => _ahead += (long)(span.TotalSeconds * TimestampFrequency);

        public override long GetTimestamp() => base.GetTimestamp() + _ahead;
    }
}
