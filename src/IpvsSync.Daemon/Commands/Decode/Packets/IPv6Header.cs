using System.Buffers.Binary;
using IpvsSync.Protocol;

namespace IpvsSync.Daemon.Commands.Decode.Packets;

/// <summary>
/// The IPv6 header and the extension headers after it.
/// <code>
/// 0 version ...  4 payload length  6 next header  8 source  24 destination  40
/// extension: 0 next header  1 length / 8 - 1 (AH: length / 4 - 2)     fragment: 0 next header  2 offset and flags  4 identification  8
/// </code>
/// </summary>
internal static class IPv6Header
{
    private const int Length = 40;
    private const int ExtensionUnit = 8;
    private const int HopByHop = 0;
    private const int Routing = 43;
    private const int Fragment = 44;
    private const int Authentication = 51;
    private const int DestinationOptions = 60;
    private const int Mobility = 135;
    private const int HostIdentity = 139;
    private const int Shim = 140;
    private const int MoreFragments = 1;
    private const int OffsetMask = 0xFFF8;

    /// <summary>Parses the headers; false if one of them is cut.</summary>
    public static bool TryParse(ReadOnlySpan<byte> bytes, out IpPacket packet)
    {
        packet = default;
        if (bytes.Length < Length) return false;
        // Jumbograms have a length of 0, as do packets with segmentation offload.
        int length = BinaryPrimitives.ReadUInt16BigEndian(bytes[4..]);
        ReadOnlySpan<byte> payload = bytes[Length..];
        if (length != 0 && length < payload.Length) payload = payload[..length];
        byte next = bytes[6];
        int fragment = 0;
        uint identification = 0;
        while (IsExtension(next) && (fragment & OffsetMask) == 0)
        {
            if (payload.Length < ExtensionUnit) return false;
            if (next == Fragment)
            {
                fragment = BinaryPrimitives.ReadUInt16BigEndian(payload[2..]);
                identification = BinaryPrimitives.ReadUInt32BigEndian(payload[4..]);
            }

            int extension = ExtensionLength(next, payload[1]);
            if (extension > payload.Length) return false;
            next = payload[0];
            payload = payload[extension..];
        }

        packet = new IpPacket
        {
            Family = IpFamily.IPv6,
            Source = Address.FromBytes(bytes.Slice(8, 16)),
            Destination = Address.FromBytes(bytes.Slice(24, 16)),
            Protocol = next,
            Payload = payload,
            FragmentOffset = fragment & OffsetMask,
            MoreFragments = (fragment & MoreFragments) != 0,
            Identification = identification,
        };
        return true;
    }

    private static bool IsExtension(byte header) =>
        header is HopByHop or Routing or Fragment or Authentication or DestinationOptions or Mobility or HostIdentity or Shim;

    private static int ExtensionLength(byte header, byte length) => header switch
    {
        Fragment => ExtensionUnit,
        Authentication => (length + 2) * sizeof(uint),
        _ => (length + 1) * ExtensionUnit,
    };
}
