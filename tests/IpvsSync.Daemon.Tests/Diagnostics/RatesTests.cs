using IpvsSync.Daemon.Diagnostics;
using Microsoft.Extensions.Time.Testing;

namespace IpvsSync.Daemon.Tests.Diagnostics;

public sealed class RatesTests
{
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void Sample_ACounterThatBeginsAnew_HasNotGrown()
    {
        long[] counters = [100, 100];
        var rates = new Rates(() => [.. counters], _time);
        Assert.Equal([0, 0], rates.Latest);

        counters = [3, 150];
        _time.Advance(TimeSpan.FromSeconds(2));
        rates.Sample();
        Assert.Equal([0, 25], rates.Latest);

        counters = [5, 150];
        _time.Advance(TimeSpan.FromSeconds(1));
        rates.Sample();
        Assert.Equal([2, 0], rates.Latest);
    }
}
