namespace IpvsSync.Daemon.Options;

/// <summary>
/// The configuration cannot be used; carries every fault that was found. The process ends with exit code 2, or 1 if the faults may pass.
/// </summary>
internal sealed class ConfigurationException(IReadOnlyList<string> faults)
    : Exception("The configuration cannot be used:" + string.Concat(faults.Select(fault => "\n  " + fault)))
{
    /// <summary>One sentence for each fault, beginning with the full name of its key.</summary>
    public IReadOnlyList<string> Faults { get; } = faults;

    /// <summary>Whether all of it may be right later: every fault is an interface that is not there.</summary>
    public bool MayPass { get; init; }
}
