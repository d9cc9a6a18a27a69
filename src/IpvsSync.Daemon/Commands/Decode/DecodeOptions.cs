using IpvsSync.Protocol.Wire;

namespace IpvsSync.Daemon.Commands.Decode;

/// <summary>What the operator asked of <c>decode</c>.</summary>
/// <param name="Path">The capture; <c>-</c> for standard input.</param>
/// <param name="FirstPorts">The first port of each range of 64.</param>
/// <param name="AsJson">JSON instead of words.</param>
/// <param name="Reader">How strict to be, and which sync id to accept.</param>
internal sealed record DecodeOptions(string Path, IReadOnlyList<ushort> FirstPorts, bool AsJson, ReaderOptions Reader)
{
    /// <summary>Whether to read standard input.</summary>
    public bool IsStandardInput => Path == "-";

    /// <summary>The input's name in what the operator is told.</summary>
    public string InputName => IsStandardInput ? "standard input" : Path;
}
