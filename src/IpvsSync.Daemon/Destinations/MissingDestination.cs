namespace IpvsSync.Daemon.Destinations;

/// <summary>A service or real server that connections need and this director does not have.</summary>
/// <param name="Service">The virtual service of the connections.</param>
/// <param name="Server">The missing real server; null if the service itself is missing.</param>
internal readonly record struct MissingDestination(string Service, string? Server)
{
    /// <summary>The text in a log line and in <c>status</c>.</summary>
    public override string ToString() => Server is null ? $"service {Service}" : $"real server {Server} of {Service}";
}
