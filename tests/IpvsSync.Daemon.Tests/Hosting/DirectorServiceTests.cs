using System.Diagnostics.Metrics;
using IpvsSync.Daemon.Control;
using IpvsSync.Daemon.Diagnostics;
using IpvsSync.Daemon.Flow;
using IpvsSync.Daemon.Flow.Wires;
using IpvsSync.Daemon.Hosting;
using IpvsSync.Daemon.Options;
using IpvsSync.Daemon.Tests.Flow;
using IpvsSync.Daemon.Tests.Wires;
using IpvsSync.Linux;
using IpvsSync.Linux.Datagrams;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting.Internal;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Testing;

namespace IpvsSync.Daemon.Tests.Hosting;

/// <summary>A worker that ends by itself ends the process, with an exit code that makes systemd start it again.</summary>
[Collection(Alone.Name)]
public sealed class DirectorServiceTests : IDisposable
{
    private static readonly SyncOptions s_options = new()
    {
        Interface = "lo",
        MaxMessageSize = 1400,
        Kernel = new KernelOptions { Mode = KernelMode.Attached },
    };

    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly MemoryNetwork _network = new(TimeProvider.System);
    private readonly MemoryHost _host;
    private readonly MemoryHost _peer;
    private readonly ApplicationLifetime _lifetime = new(NullLogger<ApplicationLifetime>.Instance);
    private readonly FakeLogger<Director> _log = new();
    private readonly int _exitCode = Environment.ExitCode;
    private Director? _director;
    private DirectorControl? _control;
    private SyncMetrics? _metrics;

    public DirectorServiceTests()
    {
        Environment.ExitCode = ExitCodes.Done;
        (_host, _peer) = (_network.AddHost(s_options, "192.0.2.1"), _network.AddHost(s_options, "192.0.2.2"));
    }

    public void Dispose()
    {
        Environment.ExitCode = _exitCode;
        _director?.Dispose();
        _network.Dispose();
        _services.Dispose();
    }

    [Theory]
    [InlineData("send", false)]
    [InlineData("recv", false)]
    [InlineData("feed", true)]
    [InlineData("inject", true)]
    public async Task Worker_Fails_ProcessStopsAndFails(string worker, bool isTheKernels)
    {
        Exception fault = isTheKernels ? new KernelException("use the socket", Errno.EBADF) : new InvalidOperationException("a fault of the program");
        DirectorService service = Open(new FailingWires(_host, worker, fault));
        await service.StartAsync(TestContext.Current.CancellationToken);
        Speak();

        Until.True(() => _lifetime.ApplicationStopping.IsCancellationRequested);
        Assert.Equal(ExitCodes.Failed, Environment.ExitCode);
        FakeLogRecord said = _log.Collector.GetSnapshot().Single(record => record.Id.Id == 3);
        Assert.Equal(LogLevel.Critical, said.Level);
        Assert.StartsWith($"Worker {worker}/0 ended by itself", said.Message, StringComparison.Ordinal);
        Assert.Same(fault, said.Exception);
        await service.StopAsync(TestContext.Current.CancellationToken);
        Assert.Equal(ExitCodes.Failed, Environment.ExitCode);
    }

    [Theory]
    [InlineData("send")]
    [InlineData("recv")]
    public async Task Worker_SocketOfTheSyncNetworkFails_IsReplacedAndNoFault(string worker)
    {
        DirectorService service = Open(new FailingWires(_host, worker, new KernelException("use the socket", Errno.EINVAL)));
        await service.StartAsync(TestContext.Current.CancellationToken);
        Speak();
        Until.True(() => _log.Collector.GetSnapshot().Any(record => record.Id.Id == 23));

        Assert.False(_lifetime.ApplicationStopping.IsCancellationRequested);
        await service.StopAsync(TestContext.Current.CancellationToken);
        Assert.Equal(ExitCodes.Done, Environment.ExitCode);
    }

    [Fact]
    public async Task Worker_EndsThoughItsSocketWasNotShutDown_ProcessStopsAndFails()
    {
        DirectorService service = Open(new FailingWires(_host, "feed", fault: null));
        await service.StartAsync(TestContext.Current.CancellationToken);

        Until.True(() => _lifetime.ApplicationStopping.IsCancellationRequested);
        Assert.Equal(ExitCodes.Failed, Environment.ExitCode);
        await service.StopAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Stop_WorkersAreToldToEnd_IsNoFault()
    {
        DirectorService service = Open(_host);
        await service.StartAsync(TestContext.Current.CancellationToken);
        Speak();
        Until.True(() => _director!.Table.Count == 2);
        await service.StopAsync(TestContext.Current.CancellationToken);

        Assert.False(_lifetime.ApplicationStopping.IsCancellationRequested);
        Assert.Equal(ExitCodes.Done, Environment.ExitCode);
        Assert.DoesNotContain(_log.Collector.GetSnapshot(), record => record.Level >= LogLevel.Error);
    }

    [Fact]
    public async Task Stop_SocketsThatFail_MakesEveryOtherStepAnswersAndFails()
    {
        DirectorService service = Open(new StubbornWires(_host));
        await service.StartAsync(TestContext.Current.CancellationToken);
        Task<bool> asked = _control!.StopAsync(TestContext.Current.CancellationToken);
        await service.StopAsync(TestContext.Current.CancellationToken);

        Assert.True(await asked);
        Assert.Equal(ExitCodes.Failed, Environment.ExitCode);
        Assert.Equal(0, _network.Listeners);
        Assert.Contains(_log.Collector.GetSnapshot(), record => record.Id.Id == 30);
        Assert.Contains(_log.Collector.GetSnapshot(), record => record.Id.Id == 2);
    }

    [Fact]
    public async Task Stop_AskedBeforeReady_IsAnsweredWhenItIsDone()
    {
        DirectorService service = Open(_host);
        using var verbs = new ControlVerbs(_director!, _metrics!, TimeProvider.System, _control);
        using var stream = new MemoryStream();
        using var output = new ControlOutput(stream, TimeProvider.System);
        Task answer = verbs.AnswerAsync(new ControlRequest { Verb = ControlRequest.Stop }, output, TestContext.Current.CancellationToken);
        Assert.True(_lifetime.ApplicationStopping.IsCancellationRequested);
        Assert.False(answer.IsCompleted);
        await service.StopAsync(TestContext.Current.CancellationToken);
        await answer;
    }

    [Fact]
    public async Task Stop_ChangeHangs_IsAnsweredByTheRescue()
    {
        Open(_host);
        Task<bool> asked = _control!.StopAsync(TestContext.Current.CancellationToken);
        _control.Abandon();

        Assert.True(await asked);
    }

    [Fact]
    public async Task Moved_HandlerThatThrows_EndsNothing()
    {
        DirectorService service = Open(_host);
        _director!.Moved += () => throw new InvalidCastException("no watchdog");
        await service.StartAsync(TestContext.Current.CancellationToken);
        Until.True(() => _log.Collector.GetSnapshot().Any(record => record.Id.Id == 31));

        Assert.False(_lifetime.ApplicationStopping.IsCancellationRequested);
        await service.StopAsync(TestContext.Current.CancellationToken);
        Assert.Equal(ExitCodes.Done, Environment.ExitCode);
    }

    [Fact]
    public async Task ChangeRole_WorkersOfAPipelineEnd_IsNoFault()
    {
        DirectorService service = Open(_host);
        await service.StartAsync(TestContext.Current.CancellationToken);
        _director!.ChangeRole(Role.Master);
        _director.ChangeRole(Role.Backup);
        Assert.False(_lifetime.ApplicationStopping.IsCancellationRequested);
        Assert.Equal(ExitCodes.Done, Environment.ExitCode);
        await service.StopAsync(TestContext.Current.CancellationToken);
    }

    private DirectorService Open(ISockets wires)
    {
        _metrics = new SyncMetrics(_services.GetRequiredService<IMeterFactory>());
        _director = new Director(s_options, _metrics, wires, TimeProvider.System, _log);
        _control = new DirectorControl(_director, new ConfigurationSource("/nonexistent", []), _lifetime, _log);
        return new DirectorService(_director, _control, _lifetime, _log);
    }

    /// <summary>The kernel and a peer each send a connection, so that every worker has something to do.</summary>
    private void Speak()
    {
        using IDatagramSender kernel = _host.OpenKernelMaster(0), peer = _peer.OpenPeerSender(0);
        Messages.Send(kernel, [Entries.Tcp(1)]);
        Messages.Send(peer, [Entries.Tcp(2)]);
    }
}
