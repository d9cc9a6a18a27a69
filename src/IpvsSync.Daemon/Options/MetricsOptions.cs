namespace IpvsSync.Daemon.Options;

/// <summary>Section <c>IpvsSync:Metrics</c>: where metrics can be read. Immutable.</summary>
internal sealed record MetricsOptions
{
    /// <summary>Addresses and ports of <c>http://LISTEN/metrics</c>, for Prometheus, separated by commas; empty: off.</summary>
    public string Listen { get; init; } = "";

    /// <summary>The addresses of <see cref="Listen"/>.</summary>
    public IEnumerable<ListenAddress> Addresses
    {
        get
        {
            foreach (string part in Listen.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
            {
                if (ListenAddress.TryParse(part, out ListenAddress? address))
                    yield return address;
            }
        }
    }
}
