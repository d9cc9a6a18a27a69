using OpenTelemetry.Metrics;

namespace IpvsSync.Daemon.Monitoring;

/// <summary>
/// The current text of the metrics. Any thread may ask; a reading serves everybody who asks within <see cref="s_lifetime"/>. The library keeps a place for each
/// set of labels that it has ever seen, 2000 for an instrument, and has none for further ones: then it is made anew.
/// </summary>
/// <param name="open">Makes what reads the metrics, and what it reads them into.</param>
internal sealed class MetricsText(Func<PrometheusText, MeterProvider> open) : IDisposable
{
    private static readonly TimeSpan s_lifetime = TimeSpan.FromMilliseconds(300);

    private readonly Lock _turn = new();
    private PrometheusText _exporter = new();
    private MeterProvider? _provider;
    private long _readAt;

    /// <summary>Begins to count what is only counted while somebody listens.</summary>
    public void Open()
    {
        _exporter = new PrometheusText();
        _provider = open(_exporter);
    }

    /// <summary>Reads the metrics, or returns what was read just before.</summary>
    public string Read()
    {
        // The system's clock, and not that of the director's table: it bounds the work that readers can cause.
        lock (_turn)
        {
            if (_readAt == 0 || TimeProvider.System.GetElapsedTime(_readAt) >= s_lifetime)
            {
                _provider!.ForceFlush();
                if (_exporter.HasOverflow)
                {
                    _provider!.Dispose();
                    Open();
                    _provider!.ForceFlush();
                }

                _readAt = TimeProvider.System.GetTimestamp();
            }

            return _exporter.Text;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _provider?.Dispose();
}
