using System.Diagnostics;
using IpvsSync.Daemon.Hosting;
using IpvsSync.Daemon.Tests.Flow;

namespace IpvsSync.Daemon.Tests.Commands.Running;

/// <summary>At no moment of the daemon's life does a signal do anything but what it means.</summary>
public sealed class SignalTests : IAsyncLifetime
{
    private readonly RunningDaemon _daemon = new();

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _daemon.DisposeAsync();

    /// <summary>The signals are sent as soon as the process takes SIGHUP, the last that it takes before it reads its words.</summary>
    [Theory]
    [InlineData("HUP HUP HUP")]
    [InlineData("USR1")]
    public async Task Signal_DuringTheStart_DoesNotEndIt(string signals)
    {
        _daemon.Start(["run"]);
        bool isStray = signals.StartsWith("USR1", StringComparison.Ordinal);
        await AwaitMaskAsync(isStray ? "SigIgn:" : "SigCgt:", isStray ? 10 : 1);
        foreach (string signal in signals.Split(' '))
            await CommandLine.SignalAsync(_daemon.Process, signal);
        await _daemon.AwaitNotificationAsync("READY=1");

        Assert.Equal(ExitCodes.Done, (await _daemon.AskAsync("stop")).Code);
        Assert.Equal(ExitCodes.Done, await CommandLine.WaitAsync(_daemon.Process));
    }

    [Theory]
    [InlineData("TERM")]
    [InlineData("INT")]
    [InlineData("QUIT")]
    public async Task Stop_DuringTheStart_EndsInOrder(string signal)
    {
        _daemon.Start(["run"]);
        await AwaitMaskAsync("SigCgt:", signal: 1);
        await CommandLine.SignalAsync(_daemon.Process, signal);

        int code = await CommandLine.WaitAsync(_daemon.Process);
        string said = await _daemon.Process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken)
            + await _daemon.Process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        Assert.True(code == ExitCodes.Done, $"exit status {code}: {said}");
        Assert.False(Path.Exists(_daemon.ControlSocket));
    }

    [Theory]
    [InlineData("USR1 USR2 PIPE ALRM STKFLT XFSZ VTALRM PROF IO PWR RTMIN+1 RTMAX")]
    [InlineData("CHLD WINCH URG CONT")]
    public async Task Signal_WithoutAMeaning_DoesNothing(string signals)
    {
        await _daemon.StartReadyAsync();
        foreach (string signal in signals.Split(' '))
            await CommandLine.SignalAsync(_daemon.Process, signal);

        Assert.Contains("role Both, ", (await _daemon.AskAsync("status")).Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("TERM")]
    [InlineData("INT")]
    [InlineData("QUIT")]
    public async Task Stop_UnderSystemd_EndsInOrderAndTellsIt(string signal)
    {
        await _daemon.StartReadyAsync();
        await CommandLine.SignalAsync(_daemon.Process, signal);
        await _daemon.AwaitNotificationAsync("STOPPING=1");

        Assert.Equal(ExitCodes.Done, await CommandLine.WaitAsync(_daemon.Process));
        Assert.False(Path.Exists(_daemon.ControlSocket));
    }

    [Fact]
    public async Task Storm_OfAllSignalsUntilTheEnd_EndsInOrder()
    {
        await _daemon.StartReadyAsync();
        using Process storm = Children.Start(
            "sh", "-c", "i=0; while kill -HUP $0; do kill -USR1 $0; i=$((i + 1)); [ $i -lt 300 ] || kill -TERM $0; [ $i -lt 300 ] || kill -INT $0; done 2>/dev/null", $"{_daemon.Process.Id}");

        Assert.Equal(ExitCodes.Done, await CommandLine.WaitAsync(_daemon.Process));
        await storm.WaitForExitAsync(TestContext.Current.CancellationToken);
        string output = await _daemon.Process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        Assert.Contains("Stopped:", output, StringComparison.Ordinal);
        Assert.Equal("", await _daemon.Process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("\"Group\": \"\\ud800\"")]
    [InlineData("\"\\udc00\": 1")]
    public async Task Hangup_ConfigurationThatCannotBeDecoded_IsNamedAndAllGoesOn(string member)
    {
        await _daemon.StartReadyAsync();
        _daemon.Configure(member);
        await CommandLine.SignalAsync(_daemon.Process, "HUP");
        await _daemon.AwaitLineAsync("Not reloaded, all is as before:", onError: true);

        Assert.Equal(ExitCodes.Done, (await _daemon.AskAsync("status")).Code);
        Assert.Equal(ExitCodes.Usage, (await CommandLine.RunAsync(["check-config", "--config", _daemon.ConfigurationFile])).Code);
    }

    /// <summary>Waits until a signal is in one of the process's masks: <c>SigCgt:  0000000000004003</c>. Whoever started the tests may ignore SIGHUP.</summary>
    private async Task AwaitMaskAsync(string mask, int signal)
    {
        string status = $"/proc/{_daemon.Process.Id}/status";
        await Task.Run(() => Until.True(() => File.ReadLines(status).Any(line => line.StartsWith(mask, StringComparison.Ordinal) && Includes(line[mask.Length..], signal))), TestContext.Current.CancellationToken);
    }

    private static bool Includes(string mask, int signal) => ((Convert.ToUInt64(mask.Trim(), 16) >> (signal - 1)) & 1) == 1;
}
