using IpvsSync.Protocol.Wire;
using IpvsSync.Protocol.Wire.Peering;

namespace IpvsSync.Daemon.Commands.Decode;

/// <summary>The arguments of <c>decode</c>.</summary>
/// <param name="Path">The capture file; <c>-</c> for standard input.</param>
/// <param name="FirstPorts">The first port of each range of 64.</param>
/// <param name="AsJson">Whether to print JSON instead of text.</param>
/// <param name="Reader">The strictness of the reader and the sync id that it accepts.</param>
internal sealed record DecodeOptions(string Path, IReadOnlyList<ushort> FirstPorts, bool AsJson, ReaderOptions Reader)
{
    /// <summary>The keys that tags are checked with.</summary>
    public IReadOnlyList<SecretKey> Keys { get; init; } = [];

    /// <summary>Whether to read standard input.</summary>
    public bool IsStandardInput => Path == "-";

    /// <summary>The input's name in messages.</summary>
    public string InputName => IsStandardInput ? "standard input" : Path;
}
