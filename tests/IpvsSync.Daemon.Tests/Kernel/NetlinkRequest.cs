using System.Buffers.Binary;
using System.Text;

namespace IpvsSync.Daemon.Tests.Kernel;

/// <summary>A request to a generic netlink family, taken apart: nlmsghdr (16), genlmsghdr (4), attributes.</summary>
internal sealed class NetlinkRequest(byte[] message)
{
    private const int HeaderLength = 20;
    private const ushort DumpFlags = 0x300;

    public ushort Family => BinaryPrimitives.ReadUInt16LittleEndian(message.AsSpan(4));

    public bool IsDump => (BinaryPrimitives.ReadUInt16LittleEndian(message.AsSpan(6)) & DumpFlags) == DumpFlags;

    public uint Sequence => BinaryPrimitives.ReadUInt32LittleEndian(message.AsSpan(8));

    public byte Command => message[16];

    public NetlinkAttributes Attributes => new(message.AsSpan(HeaderLength));
}

/// <summary>A series of attributes, the last of each type.</summary>
internal sealed class NetlinkAttributes
{
    private readonly Dictionary<ushort, byte[]> _values = [];

    public NetlinkAttributes(ReadOnlySpan<byte> bytes)
    {
        while (bytes.Length >= 4)
        {
            int length = BinaryPrimitives.ReadUInt16LittleEndian(bytes);
            _values[BinaryPrimitives.ReadUInt16LittleEndian(bytes[2..])] = bytes[4..length].ToArray();
            bytes = bytes[Math.Min((length + 3) & ~3, bytes.Length)..];
        }
    }

    public bool Has(ushort type) => _values.ContainsKey(type);

    public byte[] Bytes(ushort type) => _values.GetValueOrDefault(type) ?? [];

    public NetlinkAttributes Nested(ushort type) => new(Bytes(type));

    public ushort U16(ushort type) => BinaryPrimitives.ReadUInt16LittleEndian(Bytes(type));

    public uint U32(ushort type) => BinaryPrimitives.ReadUInt32LittleEndian(Bytes(type));

    /// <summary>Text without its NUL.</summary>
    public string Text(ushort type) => Encoding.ASCII.GetString(Bytes(type)).TrimEnd('\0');

    /// <summary>The values of some types, for a comparison.</summary>
    public string Key(params ushort[] types) => string.Join('|', types.Select(type => Convert.ToHexString(Bytes(type))));
}
