using System.Diagnostics.Metrics;
using IpvsSync.Daemon.Monitoring;
using OpenTelemetry;
using OpenTelemetry.Metrics;

namespace IpvsSync.Daemon.Tests.Monitoring;

public sealed class MetricsTextTests
{
    [Fact]
    public void Read_ManyPeersOneAfterAnother_TheNewestIsStillTold()
    {
        int number = 0;
        using var meter = new Meter("metrics-text-many");
        meter.CreateObservableGauge("ipvs_sync.peer_up", () => new[] { new Measurement<long>(1, new KeyValuePair<string, object?>("peer", $"10.0.{number / 256}.{number % 256}")) });
        MeterProvider? provider = null;
        using var text = new MetricsText(exporter => provider = Sdk.CreateMeterProviderBuilder().AddMeter(meter.Name).AddReader(new BaseExportingMetricReader(exporter)).Build());
        text.Open();
        for (; number < 3000; number++)
            provider!.ForceFlush();
        Assert.Contains("10.0.11.184", text.Read(), StringComparison.Ordinal);
    }
}
