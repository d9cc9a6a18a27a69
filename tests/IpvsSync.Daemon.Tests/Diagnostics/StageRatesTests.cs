using System.Diagnostics.Metrics;
using IpvsSync.Daemon.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace IpvsSync.Daemon.Tests.Diagnostics;

public sealed class StageRatesTests : IDisposable
{
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly FakeTimeProvider _time = new();
    private readonly SyncMetrics _metrics;

    public StageRatesTests() => _metrics = new SyncMetrics(_services.GetRequiredService<IMeterFactory>());

    public void Dispose() => _services.Dispose();

    [Fact]
    public void Sample_TwoSeconds_IsHalfOfWhatPassedInThem()
    {
        _metrics.Sent.Pass(100, 100, 100);
        var rates = new StageRates(_metrics, _time);
        _metrics.Sent.Pass(3, 40, 500);
        _time.Advance(TimeSpan.FromSeconds(2));
        rates.Sample();

        Assert.Equal([default, new StageRate(1.5, 20, 250), default, default], rates.Latest);
        _time.Advance(TimeSpan.FromSeconds(1));
        rates.Sample();
        Assert.All(rates.Latest, rate => Assert.Equal(default, rate));
    }

    [Fact]
    public void Sample_AtTheSameMoment_KeepsWhatThereWas()
    {
        var rates = new StageRates(_metrics, _time);
        rates.Sample();

        Assert.Equal(4, rates.Latest.Count);
    }
}
