using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace IpvsSync.Benchmarks;

/// <summary>
/// The cost of the native executable before it does any work: from the call that starts the process to READY=1 as systemd receives it, and
/// then its idle memory and share of a processor. The floors are the same executable printing its version, and a process that does nothing.
/// It runs on the loopback with <c>Kernel:Mode</c> Attached, so the time of the kernel's IPVS at a start is not included.
/// </summary>
internal sealed class StartMeasurement : IDisposable
{
    private const int Runs = 25;
    private const int IdleSeconds = 30;
    private const int TimeoutMs = 10_000;
    private const int ClockTicksPerSecond = 100;

    private readonly string _executable;
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("ipvs-start-");
    private readonly Socket _systemd = new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified) { ReceiveTimeout = TimeoutMs };

    private StartMeasurement(string executable)
    {
        _executable = executable;
        _systemd.Bind(new UnixDomainSocketEndPoint(NotifySocket));
        File.WriteAllText(Configuration, $$"""
            { "IpvsSync": { "Interface": "lo", "ControlSocket": "{{Path.Combine(_directory.FullName, "control")}}", "Kernel": { "Mode": "Attached" } } }
            """);
    }

    private string NotifySocket => Path.Combine(_directory.FullName, "notify");

    private string Configuration => Path.Combine(_directory.FullName, "appsettings.json");

    /// <summary>Measures and prints.</summary>
    /// <param name="executable">The published <c>ipvs-syncd</c>.</param>
    public static void Run(string executable)
    {
        using var measurement = new StartMeasurement(executable);
        Print("a process that does nothing", [.. Enumerable.Range(0, Runs).Select(_ => TimeOf("/bin/true"))]);
        Print("--version, to the end", [.. Enumerable.Range(0, Runs).Select(_ => TimeOf(executable, "--version"))]);
        Print("start to READY", [.. Enumerable.Range(0, Runs).Select(_ => measurement.TimeToReady())]);
        measurement.PrintIdle();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _systemd.Dispose();
        _directory.Delete(recursive: true);
    }

    private static double TimeOf(string file, params string[] arguments)
    {
        long start = Stopwatch.GetTimestamp();
        using Process process = Process.Start(new ProcessStartInfo(file, arguments) { RedirectStandardOutput = true })!;
        process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }

    private static void Print(string what, double[] milliseconds)
    {
        Array.Sort(milliseconds);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"// {what}: median {milliseconds[Runs / 2]:F1} ms of {Runs} (best {milliseconds[0]:F1}, worst {milliseconds[^1]:F1})"));
    }

    private double TimeToReady()
    {
        long start = Stopwatch.GetTimestamp();
        using Process process = Start();
        double taken = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        Stop(process);
        return taken;
    }

    private void PrintIdle()
    {
        using Process process = Start();
        Listen(seconds: 1);
        long before = Ticks(process);
        Listen(IdleSeconds);
        double percent = 100.0 * (Ticks(process) - before) / ClockTicksPerSecond / IdleSeconds;
        process.Refresh();
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"// idle for {IdleSeconds} s: {process.WorkingSet64 / 1024} kB resident, {percent:F2} % of a processor"));
        Stop(process);
    }

    /// <summary>Starts the daemon, and returns when systemd would know that it is ready.</summary>
    private Process Start()
    {
        var start = new ProcessStartInfo(_executable, ["run", "--config", Configuration]) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["NOTIFY_SOCKET"] = NotifySocket;
        Process process = Process.Start(start)!;
        byte[] notification = new byte[4096];
        while (!Encoding.UTF8.GetString(notification, 0, _systemd.Receive(notification)).Contains("READY=1", StringComparison.Ordinal))
            continue;
        return process;
    }

    private void Stop(Process process)
    {
        using (var kill = Process.Start("kill", process.Id.ToString(CultureInfo.InvariantCulture)))
            kill.WaitForExit();
        do
            Receive();
        while (!process.WaitForExit(TimeSpan.FromMilliseconds(1)));
        // Messages from its end must not count for the next process.
        Receive();
    }

    /// <summary>Receives its notifications, as systemd would: a process whose notifications nobody reads waits.</summary>
    private void Listen(int seconds)
    {
        long start = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(start).TotalSeconds < seconds)
        {
            Thread.Sleep(100);
            Receive();
        }
    }

    private void Receive()
    {
        byte[] notification = new byte[4096];
        while (_systemd.Available > 0)
            _systemd.Receive(notification);
    }

    // Clock ticks in user and in kernel mode, proc(5). The name before them may contain anything except a last bracket.
    private static long Ticks(Process process)
    {
        string line = File.ReadAllText($"/proc/{process.Id}/stat");
        string[] fields = line[(line.LastIndexOf(')') + 2)..].Split(' ');
        return long.Parse(fields[11], CultureInfo.InvariantCulture) + long.Parse(fields[12], CultureInfo.InvariantCulture);
    }
}
