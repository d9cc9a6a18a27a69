using System.Globalization;

namespace IpvsSync.Daemon.Commands.Decode.Captures;

/// <summary>
/// The newer format, in either byte order, which may change with each section. Blocks other than the four listed here are skipped.
/// <code>
/// block     0 type  4 length L  8 body, a multiple of four  L-4 length again
/// section   0 byte order magic  ...                                                (0x0A0D0D0A)
/// interface see <see cref="PcapngInterface"/>                                      (1)
/// simple    0 bytes on the wire  4 packet                                          (3)
/// enhanced  0 interface  4 time, high  8 time, low  12 bytes captured  16 bytes on the wire  20 packet   (6)
/// </code>
/// </summary>
internal sealed class PcapngReader : CaptureReader
{
    /// <summary>The block type that starts a section, which is the same in both byte orders.</summary>
    internal const uint SectionHeader = 0x0A0D0D0A;

    private const uint InterfaceDescription = 1;
    private const uint SimplePacket = 3;
    private const uint EnhancedPacket = 6;
    private const uint ByteOrderMagic = 0x1A2B3C4D;
    private const uint SwappedByteOrderMagic = 0x4D3C2B1A;
    private const int SimpleHeaderLength = 4;
    private const int EnhancedHeaderLength = 20;
    private const int FrameLength = 12;
    private const int MaxInterfaces = 65536;

    private readonly CaptureStream _stream;
    private readonly List<PcapngInterface> _interfaces = [];
    private readonly byte[] _body = new byte[MaxPacketLength + EnhancedHeaderLength];
    private FieldOrder _order;
    private uint _blockLength;
    private int _bodyLength;
    private Range _packet;

    /// <summary>Continues after the first block's type.</summary>
    public PcapngReader(CaptureStream stream)
    {
        _stream = stream;
        BeginSection();
    }

    /// <inheritdoc/>
    public override ReadOnlySpan<byte> Bytes => _body.AsSpan(_packet);

    /// <inheritdoc/>
    public override bool Read()
    {
        Span<byte> word = stackalloc byte[sizeof(uint)];
        while (_stream.TryFill(word))
        {
            uint type = _order.UInt32(word, 0);
            if (type == SectionHeader) BeginSection();
            else if (ReadBlock(type)) return true;
        }

        return false;
    }

    // Continues after the type. The length can be read only after the magic number that follows it has shown the byte order.
    private void BeginSection()
    {
        Span<byte> head = stackalloc byte[2 * sizeof(uint)];
        _stream.Fill(head);
        _order = new FieldOrder(isBigEndian: true);
        uint magic = _order.UInt32(head, 4);
        if (magic == SwappedByteOrderMagic) _order = new FieldOrder(isBigEndian: false);
        else if (magic != ByteOrderMagic) throw Damaged("a section begins without its byte order");
        _interfaces.Clear();
        SetLength(_order.UInt32(head, 0));
        if (_blockLength < FrameLength + sizeof(uint)) throw Damaged("a section is too short");
        _stream.Skip(_blockLength - FrameLength - sizeof(uint));
        EndBlock();
    }

    // Returns true if the block contains a packet.
    private bool ReadBlock(uint type)
    {
        Span<byte> word = stackalloc byte[sizeof(uint)];
        _stream.Fill(word);
        SetLength(_order.UInt32(word, 0));
        _bodyLength = type is InterfaceDescription or SimplePacket or EnhancedPacket
            ? (int)Math.Min(_blockLength - FrameLength, _body.Length)
            : 0;
        _stream.Fill(_body.AsSpan(0, _bodyLength));
        _stream.Skip(_blockLength - FrameLength - _bodyLength);
        EndBlock();
        return Interpret(type);
    }

    private bool Interpret(uint type)
    {
        switch (type)
        {
            case InterfaceDescription:
                AddInterface();
                return false;
            case SimplePacket:
                TakeSimple();
                return true;
            case EnhancedPacket:
                TakeEnhanced();
                return true;
            default:
                return false;
        }
    }

    private void AddInterface()
    {
        if (_interfaces.Count == MaxInterfaces) throw Damaged("more than 65536 interfaces");
        _interfaces.Add(PcapngInterface.Parse(_body.AsSpan(0, _bodyLength), _order) ?? throw Damaged("an interface is too short"));
    }

    private void TakeSimple()
    {
        if (_bodyLength < SimpleHeaderLength) throw Damaged("a packet is too short");
        PcapngInterface from = Interface(0);
        uint length = Math.Min(_order.UInt32(_body, 0), (uint)(_bodyLength - SimpleHeaderLength));
        if (from.SnapLength != 0) length = Math.Min(length, from.SnapLength);
        Take(from, default, SimpleHeaderLength, length);
    }

    private void TakeEnhanced()
    {
        if (_bodyLength < EnhancedHeaderLength) throw Damaged("a packet is too short");
        PcapngInterface from = Interface(_order.UInt32(_body, 0));
        ulong time = ((ulong)_order.UInt32(_body, 4) << 32) | _order.UInt32(_body, 8);
        uint length = _order.UInt32(_body, 12);
        if (length > _blockLength - FrameLength - EnhancedHeaderLength) throw Damaged("a packet is longer than its block");
        Take(from, CaptureTime.FromUnits(time, from.UnitsPerSecond, from.OffsetSeconds), EnhancedHeaderLength, length);
    }

    private void Take(in PcapngInterface from, CaptureTime time, int start, uint length)
    {
        LinkType = from.LinkType;
        Time = time;
        _packet = start..(int)Math.Min(start + length, _bodyLength);
        Packets++;
    }

    private PcapngInterface Interface(uint index) =>
        index < _interfaces.Count ? _interfaces[(int)index] : throw Damaged("a packet of an interface that was not described");

    private void SetLength(uint length)
    {
        if (length < FrameLength || length % sizeof(uint) != 0) throw Damaged("a block of impossible length");
        _blockLength = length;
    }

    private void EndBlock()
    {
        Span<byte> word = stackalloc byte[sizeof(uint)];
        _stream.Fill(word);
        if (_order.UInt32(word, 0) != _blockLength) throw Damaged("a block whose two lengths differ");
    }

    private CaptureException Damaged(string what) => new(string.Create(
        CultureInfo.InvariantCulture, $"damaged after packet {Packets}: {what}, before byte {_stream.Position}"));
}
