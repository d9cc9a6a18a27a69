using IpvsSync.Protocol;

namespace IpvsSync.Daemon.Commands.Decode.Packets;

/// <summary>The content of an IP header of either version, including its extension headers.</summary>
internal readonly ref struct IpPacket
{
    /// <summary>The IP version.</summary>
    public required IpFamily Family { get; init; }

    /// <summary>The sender.</summary>
    public required Address Source { get; init; }

    /// <summary>The receiver, which may be a multicast group.</summary>
    public required Address Destination { get; init; }

    /// <summary>The protocol of <see cref="Payload"/>.</summary>
    public required byte Protocol { get; init; }

    /// <summary>The captured payload of the packet, without the padding of an Ethernet frame.</summary>
    public required ReadOnlySpan<byte> Payload { get; init; }

    /// <summary>The offset of the payload in bytes, in a fragment.</summary>
    public int FragmentOffset { get; init; }

    /// <summary>Whether fragments follow this one.</summary>
    public bool MoreFragments { get; init; }

    /// <summary>The value that the fragments of one packet share.</summary>
    public uint Identification { get; init; }

    /// <summary>Whether this is a fragment of a packet.</summary>
    public bool IsFragment => MoreFragments || FragmentOffset != 0;

    /// <summary>Parses the header; false if it is not valid.</summary>
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
