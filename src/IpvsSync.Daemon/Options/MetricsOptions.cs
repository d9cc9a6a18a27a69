using System.Net;

namespace IpvsSync.Daemon.Options;

/// <summary>Section <c>IpvsSync:Metrics</c>: where metrics can be read. Immutable.</summary>
internal sealed record MetricsOptions
{
    /// <summary>Address and port of <c>http://LISTEN/metrics</c>, for Prometheus; null: off.</summary>
    public IPEndPoint? Listen { get; init; }
}
