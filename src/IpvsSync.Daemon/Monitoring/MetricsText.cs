using OpenTelemetry.Metrics;

namespace IpvsSync.Daemon.Monitoring;

/// <summary>The current text of the metrics. Any thread may ask; a reading serves everybody who asks within <see cref="s_lifetime"/>.</summary>
/// <param name="reader">Reads the metrics.</param>
/// <param name="exporter">Receives them from the reader.</param>
internal sealed class MetricsText(MetricReader reader, PrometheusText exporter)
{
    private static readonly TimeSpan s_lifetime = TimeSpan.FromMilliseconds(300);

    private readonly Lock _turn = new();
    private long _readAt;

    /// <summary>Reads the metrics, or returns what was read just before.</summary>
    public string Read()
    {
        // The system's clock, and not that of the director's table: it bounds the work that readers can cause.
        lock (_turn)
        {
            if (_readAt == 0 || TimeProvider.System.GetElapsedTime(_readAt) >= s_lifetime)
            {
                reader.Collect();
                _readAt = TimeProvider.System.GetTimestamp();
            }

            return exporter.Text;
        }
    }
}
