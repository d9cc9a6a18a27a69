using System.Buffers.Binary;

namespace IpvsSync.Daemon.Commands.Decode.Captures;

/// <summary>
/// Reads the packets of a capture one by one, in constant memory. It is our own small reader because the capture libraries for .NET either
/// wrap a native libpcap, which the single-file daemon does not include, or do not work with trimming.
/// </summary>
internal abstract class CaptureReader
{
    /// <summary>
    /// The maximum number of bytes of a packet that are kept: libpcap's own limit, far above the largest IP packet with any link header.
    /// </summary>
    protected const int MaxPacketLength = 256 * 1024;

    /// <summary>The number of packets read, the current one included.</summary>
    public long Packets { get; protected set; }

    /// <summary>The type of the header before the current packet's IP header (<see cref="Decode.Captures.LinkType"/>).</summary>
    public int LinkType { get; protected set; }

    /// <summary>The capture time of the current packet.</summary>
    public CaptureTime Time { get; protected set; }

    /// <summary>The captured bytes of the current packet; valid until the next one is read.</summary>
    public abstract ReadOnlySpan<byte> Bytes { get; }

    /// <summary>Reads the next packet; false at the end.</summary>
    /// <exception cref="EndOfStreamException">The capture ends inside a packet.</exception>
    /// <exception cref="CaptureException">The capture is damaged.</exception>
    public abstract bool Read();

    /// <summary>Detects the format by the first bytes.</summary>
    /// <exception cref="EndOfStreamException">The capture ends inside its header.</exception>
    /// <exception cref="CaptureException">The input is not a capture.</exception>
    public static CaptureReader Open(CaptureStream stream)
    {
        Span<byte> magic = stackalloc byte[sizeof(uint)];
        int length = stream.Take(magic);
        if (length == 0) throw new CaptureException("empty, not a capture");
        if (length < magic.Length) throw NotACapture(magic[..length]);
        return BinaryPrimitives.ReadUInt32BigEndian(magic) switch
        {
            0xA1B2C3D4 => new PcapReader(stream, isBigEndian: true, isNanoseconds: false),
            0xD4C3B2A1 => new PcapReader(stream, isBigEndian: false, isNanoseconds: false),
            0xA1B23C4D => new PcapReader(stream, isBigEndian: true, isNanoseconds: true),
            0x4D3CB2A1 => new PcapReader(stream, isBigEndian: false, isNanoseconds: true),
            PcapngReader.SectionHeader => new PcapngReader(stream),
            _ => throw NotACapture(magic),
        };
    }

    private static CaptureException NotACapture(ReadOnlySpan<byte> start) => new(
        start is [0x1F, 0x8B, ..]
            ? "compressed; try: zcat FILE | ipvs-syncd decode -"
            : $"not a pcap or pcapng capture: it begins with 0x{Convert.ToHexString(start)}");
}
