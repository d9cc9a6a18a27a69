using System.Globalization;

namespace IpvsSync.Daemon.Commands.Decode.Captures;

/// <summary>
/// The classic format of libpcap, in either byte order.
/// <code>
/// file    0 magic  4 version  8 zone  12 accuracy  16 snap length  20 link type (low 16 bits)
/// packet  0 seconds  4 micro- or nanoseconds  8 bytes captured  12 bytes on the wire  16 ...
/// </code>
/// </summary>
internal sealed class PcapReader : CaptureReader
{
    private const int FileHeaderLength = 24;
    private const int PacketHeaderLength = 16;
    private const int LinkTypeMask = 0xFFFF;

    private readonly CaptureStream _stream;
    private readonly FieldOrder _order;
    private readonly ulong _unitsPerSecond;
    private readonly byte[] _packet = new byte[MaxPacketLength];
    private int _length;

    /// <summary>Continues after the magic number and reads the rest of the file's header.</summary>
    public PcapReader(CaptureStream stream, bool isBigEndian, bool isNanoseconds)
    {
        _stream = stream;
        _order = new FieldOrder(isBigEndian);
        _unitsPerSecond = isNanoseconds ? 1_000_000_000UL : 1_000_000UL;
        Span<byte> rest = stackalloc byte[FileHeaderLength - sizeof(uint)];
        stream.Fill(rest);
        LinkType = (int)(_order.UInt32(rest, 16) & LinkTypeMask);
    }

    /// <inheritdoc/>
    public override ReadOnlySpan<byte> Bytes => _packet.AsSpan(0, _length);

    /// <inheritdoc/>
    public override bool Read()
    {
        Span<byte> header = stackalloc byte[PacketHeaderLength];
        if (!_stream.TryFill(header)) return false;
        uint length = _order.UInt32(header, 8);
        if (length > MaxPacketLength) throw TooLong(length);
        Time = CaptureTime.FromUnits(_order.UInt32(header, 4), _unitsPerSecond, _order.UInt32(header, 0));
        _length = (int)length;
        _stream.Fill(_packet.AsSpan(0, _length));
        Packets++;
        return true;
    }

    private CaptureException TooLong(uint length) => new(string.Create(
        CultureInfo.InvariantCulture,
        $"damaged: packet {Packets + 1} claims {length} bytes, at byte {_stream.Position - PacketHeaderLength}"));
}
