using IpvsSync.Daemon.Hosting;
using IpvsSync.Daemon.Tests.Flow;
using Microsoft.Extensions.Hosting.Internal;
using Microsoft.Extensions.Logging.Abstractions;

namespace IpvsSync.Daemon.Tests.Hosting;

/// <summary>A stop that hangs is ended, after a last attempt to put the kernel back.</summary>
[Collection(Alone.Name)]
public sealed class DaemonLifeTests : IDisposable
{
    private readonly ProcessSignals _signals = new();
    private readonly List<string> _done = [];

    public void Dispose() => Assert.Equal(0, _signals.Release());

    [Fact]
    public void BeginStop_StopHangs_TriesTheRescueThenEndsTheProcess()
    {
        using DaemonLife life = Make(TimeSpan.FromMilliseconds(20));
        life.OnLate(() => Note("rescue"));
        life.BeginStop();

        Until.True(() => Count() == 2);
        Assert.Equal(["rescue", "exit 1"], _done);
    }

    [Fact]
    public void BeginStop_RescueFails_EndsTheProcess()
    {
        using DaemonLife life = Make(TimeSpan.FromMilliseconds(20));
        life.OnLate(() => throw new InvalidOperationException("no kernel"));
        life.BeginStop();

        Until.True(() => Count() == 1);
        Assert.Equal(["exit 1"], _done);
    }

    [Fact]
    public void Attach_NoStopWasAskedFor_StopsNothing()
    {
        using DaemonLife life = Make(TimeSpan.FromDays(1));
        var application = new ApplicationLifetime(NullLogger<ApplicationLifetime>.Instance);
        life.Attach(application);

        Assert.False(application.ApplicationStopping.IsCancellationRequested);
    }

    [Fact]
    public void Limits_Deadline_IsBelowTheUnits()
    {
        string unit = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "documents", "ipvs-syncd.service"));

        Assert.Contains("TimeoutStopSec=30s", unit, StringComparison.Ordinal);
        Assert.True(DaemonLife.StopLimit + DaemonLife.RescueLimit < TimeSpan.FromSeconds(30));
    }

    private DaemonLife Make(TimeSpan limit) => new(_signals, limit, code => Note($"exit {code}"));

    private void Note(string what)
    {
        lock (_done)
            _done.Add(what);
    }

    private int Count()
    {
        lock (_done)
            return _done.Count;
    }
}
