using System.Buffers.Binary;
using IpvsSync.Daemon.Commands.Decode.Captures;

namespace IpvsSync.Daemon.Commands.Decode.Packets;

/// <summary>
/// Finds the IP packet after the link header.
/// <code>
/// Ethernet  0 destination  6 source  12 EtherType  14     VLAN tag  0 tag  2 EtherType  4
/// cooked 1  0 ...  14 EtherType  16                       cooked 2  0 EtherType  2 ...  20
/// loopback  0 family  4
/// </code>
/// </summary>
internal static class LinkHeader
{
    private const ushort IPv4 = 0x0800;
    private const ushort IPv6 = 0x86DD;
    private const ushort VlanTag = 0x8100;
    private const ushort ServiceTag = 0x88A8;
    private const ushort OldServiceTag = 0x9100;
    private const int VlanTagLength = 4;
    private const int FamilyLength = 4;
    private const int EthernetLength = 14;
    private const int CookedLength = 16;
    private const int Cooked2Length = 20;

    /// <summary>Whether packets of this link type can be decoded.</summary>
    public static bool IsKnown(int linkType) => linkType is LinkType.Null or LinkType.Ethernet or LinkType.RawBsd or LinkType.RawOpenBsd
        or LinkType.Raw or LinkType.Loop or LinkType.LinuxCooked or LinkType.IPv4 or LinkType.IPv6 or LinkType.LinuxCooked2;

    /// <summary>The IP packet; empty if there is none.</summary>
    public static ReadOnlySpan<byte> Strip(int linkType, ReadOnlySpan<byte> bytes) => linkType switch
    {
        LinkType.Ethernet => Strip(bytes, EthernetLength - sizeof(ushort), EthernetLength),
        LinkType.LinuxCooked => Strip(bytes, CookedLength - sizeof(ushort), CookedLength),
        LinkType.LinuxCooked2 => Strip(bytes, 0, Cooked2Length),
        // The number of the family differs between systems; the version in the IP header does not.
        LinkType.Null or LinkType.Loop => bytes.Length < FamilyLength ? default : bytes[FamilyLength..],
        LinkType.RawBsd or LinkType.RawOpenBsd or LinkType.Raw or LinkType.IPv4 or LinkType.IPv6 => bytes,
        _ => default,
    };

    private static ReadOnlySpan<byte> Strip(ReadOnlySpan<byte> bytes, int typeOffset, int length)
    {
        if (bytes.Length < length) return default;
        ushort type = BinaryPrimitives.ReadUInt16BigEndian(bytes[typeOffset..]);
        bytes = bytes[length..];
        while (type is VlanTag or ServiceTag or OldServiceTag && bytes.Length >= VlanTagLength)
        {
            type = BinaryPrimitives.ReadUInt16BigEndian(bytes[2..]);
            bytes = bytes[VlanTagLength..];
        }

        return type is IPv4 or IPv6 ? bytes : default;
    }
}
