using System.Net;
using System.Net.Sockets;
using System.Text;
using IpvsSync.Daemon.Hosting;

namespace IpvsSync.Daemon.Tests.Commands.Running;

/// <summary>The life of the daemon's process: what systemd is told, what signals do, and the exit status.</summary>
public sealed class RunCommandTests : IAsyncLifetime
{
    private readonly RunningDaemon _daemon = new();

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _daemon.DisposeAsync();

    [Fact]
    public async Task Run_Ready_AnswersThenStopsInOrderWhenAsked()
    {
        await _daemon.StartReadyAsync();
        Ended status = await _daemon.AskAsync("status");
        Ended stop = await _daemon.AskAsync("stop");

        Assert.Contains("role Both, ", status.Output, StringComparison.Ordinal);
        Assert.Equal((ExitCodes.Done, "", ""), (stop.Code, stop.Output, stop.Error));
        Assert.Equal(ExitCodes.Done, await CommandLine.WaitAsync(_daemon.Process));
        Assert.False(Path.Exists(_daemon.ControlSocket));
        Assert.Contains("Stopped:", await _daemon.Process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_WhileAllMoves_FeedsTheWatchdogAndTellsTheStatus()
    {
        await _daemon.StartReadyAsync();

        string told = await _daemon.AwaitNotificationAsync("STATUS=");
        Assert.StartsWith("WATCHDOG=1\nSTATUS=Role Both, 1 lane(s) on lo; ", told, StringComparison.Ordinal);
        Assert.Contains("ready: ", told, StringComparison.Ordinal);
        Assert.Contains("; 0 connections; ", told, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_TerminatedBySystemd_StopsInOrder()
    {
        await _daemon.StartReadyAsync();
        await CommandLine.SignalAsync(_daemon.Process, "TERM");

        Assert.Equal(ExitCodes.Done, await CommandLine.WaitAsync(_daemon.Process));
        Assert.False(Path.Exists(_daemon.ControlSocket));
    }

    [Theory]
    [InlineData("TERM")]
    [InlineData("INT")]
    public async Task Run_SignalOutsideSystemd_StopsInOrder(string signal)
    {
        _daemon.Start(["run"], ("NOTIFY_SOCKET", ""));
        await _daemon.AwaitLineAsync("ready: role Both");
        await CommandLine.SignalAsync(_daemon.Process, signal);

        Assert.Equal(ExitCodes.Done, await CommandLine.WaitAsync(_daemon.Process));
        Assert.False(Path.Exists(_daemon.ControlSocket));
    }

    [Fact]
    public async Task Run_Hangup_AppliesThePolicyAndSurvivesFaults()
    {
        await _daemon.StartReadyAsync();
        _daemon.Configure("\"SyncRefreshPeriod\": 5, \"SyncVersion\": 0");
        await CommandLine.SignalAsync(_daemon.Process, "HUP");
        Assert.Contains("version 0, ", await _daemon.AwaitLineAsync("Reloaded:"), StringComparison.Ordinal);
        _daemon.Configure("\"Ttl\": 0");
        await CommandLine.SignalAsync(_daemon.Process, "HUP");
        await _daemon.AwaitLineAsync("Not reloaded, all is as before:", onError: true);

        Assert.Contains("sends version 0", (await _daemon.AskAsync("status")).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_NoVerb_IsRun()
    {
        _daemon.Start([]);
        await _daemon.AwaitNotificationAsync("READY=1");

        Assert.Equal(ExitCodes.Done, (await _daemon.AskAsync("stop")).Code);
    }

    [Theory]
    [InlineData("run")]
    [InlineData("check-config")]
    public async Task Run_FaultsOfTheConfiguration_AreAllNamedAndUsage(string verb)
    {
        _daemon.Configure("\"Ttl\": 0, \"SyncRetries\": 7");
        Ended ended = await RunAsync(verb);

        Assert.Equal((ExitCodes.Usage, ""), (ended.Code, ended.Output));
        Assert.Contains("Ttl", ended.Error, StringComparison.Ordinal);
        Assert.Contains("SyncRetries", ended.Error, StringComparison.Ordinal);
    }

    /// <summary>systemd tries again after status 1 and not after status 2.</summary>
    [Theory]
    [InlineData("\"Ttl\": 1", ExitCodes.Failed)]
    [InlineData("\"Ttl\": 0", ExitCodes.Usage)]
    public async Task Run_InterfaceThatIsNotThere_MayComeUnlessThereAreOtherFaults(string member, int code)
    {
        _daemon.Configure(member);
        Ended ended = await RunAsync("run", "--IpvsSync:Interface=none7");

        Assert.Equal(code, ended.Code);
        Assert.Contains("there is no interface 'none7' here", ended.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_AnotherDaemonAtTheSocket_FailsAndLeavesIt()
    {
        await _daemon.StartReadyAsync();
        Ended second = await RunAsync("run");

        Assert.Equal(ExitCodes.Failed, second.Code);
        Assert.Contains("Another ipvs-syncd answers", second.Error, StringComparison.Ordinal);
        Assert.Equal(ExitCodes.Done, (await _daemon.AskAsync("status")).Code);
    }

    [Fact]
    public async Task Run_PortOfSomebodyElse_FailsAndSaysWhich()
    {
        using var occupant = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        occupant.Bind(new IPEndPoint(IPAddress.Any, _daemon.Network.Port));
        Ended ended = await RunAsync("run");

        Assert.Equal(ExitCodes.Failed, ended.Code);
        Assert.Contains("EADDRINUSE", ended.Error, StringComparison.Ordinal);
        Assert.False(Path.Exists(_daemon.ControlSocket));
    }

    [Fact]
    public async Task Run_MetricsAddressOfSomebodyElse_FailsAndNamesTheKey()
    {
        using TcpListener occupant = new(IPAddress.Loopback, 0);
        occupant.Start();
        Ended ended = await RunAsync("run", $"--IpvsSync:Metrics:Listen={occupant.LocalEndpoint}");

        Assert.Equal(ExitCodes.Failed, ended.Code);
        Assert.Contains($"cannot listen to Metrics:Listen {occupant.LocalEndpoint}", ended.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "ipvs-syncd")]
    [InlineData("director-7", "director-7")]
    public async Task Run_CollectorInTheEnvironment_IsSentTheMetricsUnderTheServicesName(string given, string expected)
    {
        using HttpListener collector = new();
        string address = $"http://127.0.0.1:{FreePort.Tcp()}/";
        collector.Prefixes.Add(address);
        collector.Start();
        await _daemon.StartReadyAsync(
            ("OTEL_EXPORTER_OTLP_ENDPOINT", address), ("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf"),
            ("OTEL_METRIC_EXPORT_INTERVAL", "100"), ("OTEL_SERVICE_NAME", given));
        string metrics;
        do
            metrics = await TakeExportAsync(collector);
        while (!metrics.Contains("ipvs_sync.ready", StringComparison.Ordinal));

        Assert.Contains(expected, metrics[..metrics.IndexOf("ipvs_sync.", StringComparison.Ordinal)], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http/protobuf")]
    [InlineData("grpc")]
    public async Task Run_CollectorThatIsNotThere_IsSaidOnce(string protocol)
    {
        string collector = $"127.0.0.1:{FreePort.Tcp()}";
        await _daemon.StartReadyAsync(
            ("OTEL_EXPORTER_OTLP_ENDPOINT", $"http://{collector}"), ("OTEL_EXPORTER_OTLP_PROTOCOL", protocol), ("OTEL_METRIC_EXPORT_INTERVAL", "50"));
        await _daemon.AwaitLineAsync($"WRN The metrics do not come to the collector at {collector}: ");
        // The export at the stop fails as well, and those before it.
        await CommandLine.SignalAsync(_daemon.Process, "TERM");

        string rest = await _daemon.Process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        Assert.Contains("Stopped: ", rest, StringComparison.Ordinal);
        Assert.DoesNotContain("do not come", rest, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"Ttl\": 1", ExitCodes.Done, "\"faults\":[]")]
    [InlineData("\"Ttl\": 0", ExitCodes.Usage, "\"faults\":[\"IpvsSync:Ttl")]
    [InlineData("\"SyncId\": 1", ExitCodes.Done, "\"warnings\":[]")]
    public async Task CheckConfig_Json_NamesFileAndFaults(string member, int code, string expected)
    {
        _daemon.Configure(member);
        Ended ended = await RunAsync("check-config", "--json");

        Assert.Equal((code, ""), (ended.Code, ended.Error));
        Assert.Contains(_daemon.ConfigurationFile, ended.Output, StringComparison.Ordinal);
        Assert.Contains(expected, ended.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task CheckConfig_NoFault_SaysSoAndStartsNothing()
    {
        Ended ended = await RunAsync("check-config");

        Assert.Equal((ExitCodes.Done, $"{_daemon.ConfigurationFile}: no fault\n", ""), (ended.Code, ended.Output, ended.Error));
        Assert.False(Path.Exists(_daemon.ControlSocket));
    }

    [Fact]
    public async Task Run_WordThatIsNoKey_IsUsage()
    {
        Ended ended = await RunAsync("run", "--IpvsSync:Ttl");

        Assert.Equal(ExitCodes.Usage, ended.Code);
        Assert.Contains("'--IpvsSync:Ttl' is not understood", ended.Error, StringComparison.Ordinal);
    }

    /// <summary>Accepts the next export. The first may come before all instruments are there.</summary>
    private static async Task<string> TakeExportAsync(HttpListener collector)
    {
        HttpListenerContext context = await collector.GetContextAsync().WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        using var reader = new StreamReader(context.Request.InputStream, Encoding.Latin1);
        string body = await reader.ReadToEndAsync(TestContext.Current.CancellationToken);
        Assert.Equal(("POST", "/v1/metrics"), (context.Request.HttpMethod, context.Request.Url?.AbsolutePath));
        context.Response.Close();
        return body;
    }

    private Task<Ended> RunAsync(params string[] arguments) => CommandLine.RunAsync([.. arguments, "--config", _daemon.ConfigurationFile]);
}
