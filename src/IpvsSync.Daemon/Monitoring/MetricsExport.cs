using System.Collections;
using IpvsSync.Daemon.Control;
using IpvsSync.Daemon.Diagnostics;
using IpvsSync.Daemon.Flow;
using IpvsSync.Daemon.Options;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;

namespace IpvsSync.Daemon.Monitoring;

/// <summary>
/// Exports the metrics: to Prometheus, which requests them at <c>Metrics:Listen</c>, and to an OpenTelemetry collector if the standard
/// environment variables name one. It opens before the director, so that a director that is not ready yet is visible, and closes after it.
/// </summary>
internal sealed class MetricsExport(SyncOptions options, Director director, SyncMetrics metrics, TimeProvider time, ILogger<MetricsExport> log) : IHostedService, IDisposable
{
    private const string OtlpPrefix = "OTEL_EXPORTER_OTLP_";
    private const string ServiceName = "ipvs-syncd";

    /// <summary>The longest wait in milliseconds for a collector that receives the last values.</summary>
    private const int ShutdownMs = 1000;

    private MeterProvider? _provider;
    private MetricsServer? _server;
    private MetricsText? _text;

    /// <summary>Whether any export is configured; if not, this service is not needed.</summary>
    public static bool IsWanted(SyncOptions options) => options.Metrics.Listen.Length > 0 || IsOtlpWanted;

    private static bool IsOtlpWanted => Environment.GetEnvironmentVariables().Cast<DictionaryEntry>()
        .Any(variable => ((string)variable.Key).StartsWith(OtlpPrefix, StringComparison.Ordinal) && variable.Value is string { Length: > 0 });

    /// <inheritdoc/>
    /// <exception cref="IOException">The listener cannot use the address.</exception>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        new DirectorGauges(director, metrics, time).Register();
        new RepairGauges(director, metrics, time).Register();
        new AuthenticationGauges(director, metrics.Meter).Register();
        new ProcessGauges(metrics.Meter).Register();
        if (options.Metrics.Listen.Length > 0)
            Listen();
        if (IsOtlpWanted)
            _provider = Begin().AddOtlpExporter(Watch).Build();
        _server?.Open(options.Metrics.Addresses);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (_server is not null)
            await _server.CloseAsync().ConfigureAwait(false);
        _provider?.Shutdown(ShutdownMs);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _server?.Dispose();
        _text?.Dispose();
        _provider?.Dispose();
    }

    /// <summary>Sets the service name, unless the operator has set one.</summary>
    private static void Name(ResourceBuilder resource)
    {
        if (string.IsNullOrEmpty(Environment.GetEnvironmentVariable("OTEL_SERVICE_NAME")))
            resource.AddService(ServiceName, serviceVersion: AnswerStamp.Version);
    }

    private void Watch(OtlpExporterOptions exporter)
    {
        Func<HttpClient> make = exporter.HttpClientFactory;
        exporter.HttpClientFactory = () => CollectorHandler.Watch(make(), log);
    }

    private static MeterProviderBuilder Begin() => Sdk.CreateMeterProviderBuilder().AddMeter(SyncMetrics.MeterName).ConfigureResource(Name);

    private void Listen()
    {
        _text = new MetricsText(exporter => Begin().AddReader(new BaseExportingMetricReader(exporter)).Build());
        _text.Open();
        _server = new MetricsServer(_text.Read, TimeProvider.System);
    }
}
