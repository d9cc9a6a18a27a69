using System.Diagnostics;
using System.Net.Sockets;
using System.Text;
using IpvsSync.Daemon.Commands.Demo;

namespace IpvsSync.Daemon.Tests.Commands.Running;

/// <summary>The daemon as a process on the loopback, without a kernel. systemd is the test.</summary>
internal sealed class RunningDaemon : IAsyncDisposable
{
    private static readonly TimeSpan s_timeout = TimeSpan.FromMinutes(2);

    private readonly string _directory = Directory.CreateTempSubdirectory("ipvs-daemon-").FullName;
    private readonly Socket _systemd = new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
    private Process? _process;

    public RunningDaemon()
    {
        Network = FreePort.Network(ports: 2);
        _systemd.Bind(new UnixDomainSocketEndPoint(Path.Combine(_directory, "notify")));
        Configure();
    }

    public DemoNetwork Network { get; }

    public string ControlSocket => Path.Combine(_directory, "control.sock");

    public string ConfigurationFile => Path.Combine(_directory, "appsettings.json");

    public Process Process => _process!;

    /// <summary>Writes the configuration file, with these members beside those that it needs.</summary>
    public void Configure(string more = "\"Ttl\": 1") => File.WriteAllText(ConfigurationFile, $$"""
        { "IpvsSync": { "Role": "Both", "Interface": "lo", "Group": "{{Network.Group}}", "Port": {{Network.Port}}, "MaxMessageSize": 1400,
          "ControlSocket": "{{ControlSocket}}", "Kernel": { "Mode": "None" }, {{more}} } }
        """);

    /// <summary>Starts the process; it may not be ready.</summary>
    /// <param name="arguments">The words beside <c>--config</c>.</param>
    /// <param name="environment">Variables.</param>
    public void Start(string[] arguments, params (string Name, string Value)[] environment) => _process = CommandLine.Start(
        [.. arguments, "--config", ConfigurationFile], [("NOTIFY_SOCKET", Path.Combine(_directory, "notify")), .. environment]);

    /// <summary>Starts it and waits until it says that it is ready.</summary>
    public async Task<RunningDaemon> StartReadyAsync(params (string Name, string Value)[] environment)
    {
        Start(["run"], environment);
        await AwaitNotificationAsync("READY=1");
        return this;
    }

    /// <summary>The next message to systemd that contains <paramref name="text"/>.</summary>
    public async Task<string> AwaitNotificationAsync(string text)
    {
        using var timeout = new CancellationTokenSource(s_timeout);
        byte[] buffer = new byte[4096];
        string message;
        do
            message = Encoding.UTF8.GetString(buffer, 0, await _systemd.ReceiveAsync(buffer, timeout.Token));
        while (!message.Contains(text, StringComparison.Ordinal));
        return message;
    }

    /// <summary>The next line with <paramref name="text"/> on standard output, or on standard error.</summary>
    public async Task<string> AwaitLineAsync(string text, bool onError = false)
    {
        using var timeout = new CancellationTokenSource(s_timeout);
        StreamReader reader = onError ? Process.StandardError : Process.StandardOutput;
        while (await reader.ReadLineAsync(timeout.Token) is { } line)
        {
            if (line.Contains(text, StringComparison.Ordinal))
                return line;
        }

        throw new InvalidOperationException($"The daemon ended without '{text}'.");
    }

    /// <summary>Asks it by a command.</summary>
    public Task<Ended> AskAsync(params IEnumerable<string> command) => CommandLine.RunAsync([.. command, "--socket", ControlSocket]);

    public async ValueTask DisposeAsync()
    {
        if (_process is { HasExited: false })
        {
            await CommandLine.SignalAsync(_process, "TERM");
            await CommandLine.WaitAsync(_process);
        }

        _process?.Dispose();
        _systemd.Dispose();
        Directory.Delete(_directory, recursive: true);
    }
}
