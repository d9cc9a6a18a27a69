namespace IpvsSync.Daemon.Tests.Commands.Running;

/// <summary>How a program ended.</summary>
/// <param name="Code">Its exit status.</param>
/// <param name="Output">What it wrote on standard output.</param>
/// <param name="Error">What it wrote on standard error.</param>
internal sealed record Ended(int Code, string Output, string Error)
{
    public string[] Lines => Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
}
