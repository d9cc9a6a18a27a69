using System.Net;

namespace IpvsSync.Daemon.Options;

/// <summary>Section <c>IpvsSync:Metrics</c>: who may read what is counted. Immutable.</summary>
internal sealed record MetricsOptions
{
    /// <summary>Where Prometheus asks, <c>http://LISTEN/metrics</c>; null: nowhere.</summary>
    public IPEndPoint? Listen { get; init; }
}
