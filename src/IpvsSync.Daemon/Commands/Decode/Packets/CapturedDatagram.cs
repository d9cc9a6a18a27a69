using IpvsSync.Daemon.Commands.Decode.Captures;

namespace IpvsSync.Daemon.Commands.Decode.Packets;

/// <summary>A datagram for one of the ports, or the captured part of it.</summary>
internal readonly ref struct CapturedDatagram
{
    /// <summary>The packet's number in the capture, from 1.</summary>
    public required long Packet { get; init; }

    /// <summary>When it was captured.</summary>
    public required CaptureTime Time { get; init; }

    /// <summary>The sender; in a later fragment, which has no UDP header, the port is 0.</summary>
    public required IpEndpoint Source { get; init; }

    /// <summary>The destination group or host; in a later fragment the port is 0.</summary>
    public required IpEndpoint Destination { get; init; }

    /// <summary>The captured bytes.</summary>
    public required ReadOnlySpan<byte> Bytes { get; init; }

    /// <summary>The number of bytes sent, in all fragments together; 0 in a later fragment.</summary>
    public required int Length { get; init; }

    /// <summary>The offset of <see cref="Bytes"/> in the datagram; not 0 in a later fragment.</summary>
    public int Start { get; init; }

    /// <summary>Whether the datagram is complete.</summary>
    public DatagramKind Kind { get; init; }

    /// <summary>One of its segments, which the receivers get as a separate datagram.</summary>
    public CapturedDatagram Part(ReadOnlySpan<byte> segment) => new()
    {
        Packet = Packet,
        Time = Time,
        Source = Source,
        Destination = Destination,
        Bytes = segment,
        Length = segment.Length,
    };
}
