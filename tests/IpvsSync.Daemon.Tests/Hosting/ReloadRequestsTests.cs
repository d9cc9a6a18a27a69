using IpvsSync.Daemon.Hosting;
using IpvsSync.Daemon.Tests.Flow;
using Microsoft.Extensions.Logging.Testing;

namespace IpvsSync.Daemon.Tests.Hosting;

/// <summary>SIGHUP at any time: one reload at a time, none before the daemon is ready, and none once it stops.</summary>
public sealed class ReloadRequestsTests : IDisposable
{
    private readonly FakeLogger _log = new();
    private readonly SemaphoreSlim _go = new(0);
    private readonly ReloadRequests _requests;
    private int _begun;
    private int _running;
    private int _most;

    public ReloadRequestsTests() => _requests = new ReloadRequests(Reload, _log);

    public void Dispose()
    {
        _requests.Dispose();
        _go.Release(100);
    }

    [Fact]
    public void Ask_ManyTimesDuringAReload_IsAnsweredByOneMore()
    {
        _requests.Open();
        _requests.Ask();
        Until.True(() => Volatile.Read(ref _begun) == 1);
        for (int i = 0; i < 1000; i++)
            _requests.Ask();
        _go.Release();
        Until.True(() => Volatile.Read(ref _begun) == 2);
        _go.Release();
        Until.True(() => Volatile.Read(ref _running) == 0);
        _requests.Ask();
        Until.True(() => Volatile.Read(ref _begun) == 3);

        Assert.Equal(1, _most);
    }

    [Fact]
    public void Ask_BeforeReady_IsKeptSaidOnceAndDone()
    {
        _requests.Ask();
        _requests.Ask();
        Assert.Equal((0, 35), (_begun, Assert.Single(_log.Collector.GetSnapshot()).Id.Id));
        _requests.Open();

        Until.True(() => Volatile.Read(ref _begun) == 1);
    }

    [Fact]
    public void Ask_WhileStopping_IsDropped()
    {
        _requests.Ask();
        _requests.Close();
        _requests.Open();
        _requests.Ask();
        // A second one has no thread either.
        Assert.False(SpinWait.SpinUntil(() => Volatile.Read(ref _begun) > 0, TimeSpan.FromMilliseconds(50)));
    }

    [Fact]
    public void Ask_ReloadThatFails_IsFollowedByOthers()
    {
        _go.Release(2);
        using var failing = new ReloadRequests(
            () =>
            {
                Reload();
                throw new InvalidCastException("anything");
            },
            _log);
        failing.Open();
        failing.Ask();
        Until.True(() => Volatile.Read(ref _begun) == 1);
        failing.Ask();

        Until.True(() => Volatile.Read(ref _begun) == 2);
    }

    private void Reload()
    {
        _most = Math.Max(_most, Interlocked.Increment(ref _running));
        Interlocked.Increment(ref _begun);
        _go.Wait();
        Interlocked.Decrement(ref _running);
    }
}
