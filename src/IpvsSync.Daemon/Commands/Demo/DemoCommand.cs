using System.CommandLine;
using System.Diagnostics.Metrics;
using System.Net.Sockets;
using System.Numerics;
using System.Runtime.InteropServices;
using IpvsSync.Daemon.Hosting;
using IpvsSync.Daemon.Simulation;
using IpvsSync.Linux;
using Microsoft.Extensions.DependencyInjection;

namespace IpvsSync.Daemon.Commands.Demo;

/// <summary>
/// <c>demo</c>: runs a master and a backup in one process over the loopback with simulated traffic, and compares their tables.
/// </summary>
internal static class DemoCommand
{
    private const int MostPorts = 64;

    private static readonly WorkloadOptions s_usual = new();

    private static readonly Option<int> s_seconds = NumberOption.Of(
        "--seconds", "N", "How long to run; 0 until Ctrl-C, which ends it cleanly at any time.", 10, 0, 1_000_000);

    private static readonly Option<double> s_rate = NumberOption.Of(
        "--rate", "N", "New connections per second.", s_usual.ConnectionsPerSecond, 0, 100_000);

    private static readonly Option<int> s_connections = NumberOption.Of(
        "--connections", "N", "Busy connections that never end.", s_usual.BusyConnections, 0, 100_000);

    private static readonly Option<int> s_ports = NumberOption.Of(
        "--sync-ports", "N", "Number of lanes, a power of two up to 64.", 1, 1, MostPorts,
        ports => BitOperations.IsPow2(ports) ? null : "give a power of two");

    private static readonly Option<int> s_seed = NumberOption.Of(
        "--seed", "N", "The same seed makes the same traffic.", s_usual.Seed, int.MinValue, int.MaxValue);

    private static readonly Option<SyncKnobs> s_policy = new("--policy")
    {
        Description = "The sync policy: the two numbers of sync_threshold, sync_refresh_period and sync_retries.",
        HelpName = "\"THRESHOLD PERIOD REFRESH RETRIES\"",
        CustomParser = SyncKnobs.Parse,
        DefaultValueFactory = _ => SyncKnobs.Shipped,
    };

    /// <summary>Builds the verb with its options.</summary>
    public static Command Build()
    {
        var verb = new Command("demo", "Run a master and a backup in one process over the loopback; this needs neither root nor IPVS.")
        {
            s_seconds, s_rate, s_connections, s_ports, s_policy, s_seed,
        };
        verb.SetAction(result => Execute(Options(result)));
        return verb;
    }

    /// <summary>Runs the demo until its time is over or <paramref name="stop"/> is set, and prints the result.</summary>
    /// <returns>The exit code: 0 if the backup's table agrees with the master's.</returns>
    public static int Run(DemoOptions options, WaitHandle stop)
    {
        using ServiceProvider services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        IMeterFactory meters = services.GetRequiredService<IMeterFactory>();
        // A backup listens on one more port, for peers that have more lanes.
        using DemoPair pair = new(options, DemoNetwork.Choose(options.SyncPorts + 1), meters, TimeProvider.System);
        pair.Start();
        DemoViews.Show(options, pause => Next(pair, options, stop, pause));
        DemoSnapshot last = pair.Stop();
        TableComparison comparison = pair.Compare();
        foreach (string line in DemoText.End(last, comparison))
            Console.WriteLine(line);
        if (pair.Fault is { } fault)
            return CommandTree.Fail(ExitCodes.Failed, fault);
        return comparison.Differences.Count == 0 ? ExitCodes.Done : ExitCodes.Failed;
    }

    private static DemoOptions Options(ParseResult result) => new(
        result.GetValue(s_seconds),
        new WorkloadOptions
        {
            ConnectionsPerSecond = result.GetValue(s_rate),
            BusyConnections = result.GetValue(s_connections),
            Seed = result.GetValue(s_seed),
        },
        result.GetValue(s_ports),
        result.GetValue(s_policy));

    private static int Execute(DemoOptions options)
    {
        using ManualResetEvent stop = new(initialState: false);
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, End);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, End);
        try
        {
            return Run(options, stop);
        }
        catch (Exception exception) when (exception is KernelException or IOException or SocketException)
        {
            return CommandTree.Fail(ExitCodes.Failed, exception.Message);
        }

        // A second signal ends the process at once.
        void End(PosixSignalContext context)
        {
            context.Cancel = !stop.WaitOne(0);
            stop.Set();
        }
    }

    private static DemoSnapshot? Next(DemoPair pair, DemoOptions options, WaitHandle stop, TimeSpan pause)
    {
        TimeSpan left = options.Seconds == 0 ? pause : TimeSpan.FromSeconds(options.Seconds) - pair.Look().Elapsed;
        if (left <= TimeSpan.Zero || pair.Fault is not null || stop.WaitOne(left < pause ? left : pause))
            return null;
        return pair.Look();
    }
}
