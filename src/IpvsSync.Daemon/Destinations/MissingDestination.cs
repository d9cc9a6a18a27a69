namespace IpvsSync.Daemon.Destinations;

/// <summary>What connections wait for that this director is not configured with.</summary>
/// <param name="Service">The virtual service that they belong to.</param>
/// <param name="Server">The real server that it lacks; null if the service itself is missing.</param>
internal readonly record struct MissingDestination(string Service, string? Server)
{
    /// <summary>As a log line and <c>status</c> name it.</summary>
    public override string ToString() => Server is null ? $"service {Service}" : $"real server {Server} of {Service}";
}
