using IpvsSync.Protocol;

namespace IpvsSync.Daemon.Commands.Decode.Packets;

/// <summary>What an IP header of either version, its extension headers included, says.</summary>
internal readonly ref struct IpPacket
{
    /// <summary>The version.</summary>
    public required IpFamily Family { get; init; }

    /// <summary>The sender.</summary>
    public required Address Source { get; init; }

    /// <summary>The receiver, which may be a group.</summary>
    public required Address Destination { get; init; }

    /// <summary>The protocol of <see cref="Payload"/>.</summary>
    public required byte Protocol { get; init; }

    /// <summary>What the packet carries, as far as it was captured; without what pads an Ethernet frame.</summary>
    public required ReadOnlySpan<byte> Payload { get; init; }

    /// <summary>In a fragment, where its payload belongs, in bytes.</summary>
    public int FragmentOffset { get; init; }

    /// <summary>Whether fragments follow this one.</summary>
    public bool MoreFragments { get; init; }

    /// <summary>What the fragments of one packet have in common.</summary>
    public uint Identification { get; init; }

    /// <summary>Whether this is a part of a packet.</summary>
    public bool IsFragment => MoreFragments || FragmentOffset != 0;

    /// <summary>Reads the header; false if it is none.</summary>
    public static bool TryParse(ReadOnlySpan<byte> bytes, out IpPacket packet)
    {
        packet = default;
        int version = bytes.IsEmpty ? 0 : bytes[0] >> 4;
        return version switch
        {
            4 => IPv4Header.TryParse(bytes, out packet),
            6 => IPv6Header.TryParse(bytes, out packet),
            _ => false,
        };
    }
}
