namespace IpvsSync.Daemon.Options;

/// <summary>A key whose value differs between two configurations, with both values as an operator writes them.</summary>
internal sealed record OptionChange(string Key, string Before, string After);
