using IpvsSync.Protocol.Wire.Peering;

namespace IpvsSync.Daemon.Commands.Decode.Output;

/// <summary>What follows the last entry of a message. Spans refer to the capture's buffer.</summary>
internal ref struct MessageTail
{
    private readonly ReadOnlySpan<byte> _datagram;
    private readonly int _trailerStart;

    /// <summary>Divides the tail into its parts.</summary>
    /// <param name="datagram">The whole datagram.</param>
    /// <param name="bytes">The bytes after its last entry.</param>
    public MessageTail(ReadOnlySpan<byte> datagram, ReadOnlySpan<byte> bytes)
    {
        Unknown = bytes;
        _datagram = datagram;
        HasTrailer = Trailer.TryFind(datagram, out Trailer trailer, out _trailerStart);
        if (!HasTrailer) return;
        Trailer = trailer;
        IsControl = ControlReader.TryOpen(datagram, _trailerStart, out _);
        Unknown = IsControl || bytes.Length < trailer.Length ? default : bytes[..^trailer.Length];
    }

    /// <summary>Whether there is a trailer of an ipvs-syncd.</summary>
    public bool HasTrailer { get; }

    /// <summary>That trailer.</summary>
    public Trailer Trailer { get; }

    /// <summary>The trailer's tag; empty if it has none.</summary>
    public readonly ReadOnlySpan<byte> Tag => Trailer.Type == TrailerType.Signed
        ? _datagram.Slice(_trailerStart + Trailer.TagOffset, Trailer.TagLength)
        : default;

    /// <summary>What its key says of the tag; null if it was not asked.</summary>
    public TagVerdict? Verdict { get; set; }

    /// <summary>Whether this is a control message.</summary>
    public bool IsControl { get; }

    /// <summary>The bytes that are neither of a trailer nor of a control message.</summary>
    public ReadOnlySpan<byte> Unknown { get; }

    /// <summary>A reader of the control message, if it is one.</summary>
    public readonly ControlReader Control()
    {
        ControlReader.TryOpen(_datagram, _trailerStart, out ControlReader reader);
        return reader;
    }
}
