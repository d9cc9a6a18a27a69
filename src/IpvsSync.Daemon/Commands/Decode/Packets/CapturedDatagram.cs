using IpvsSync.Daemon.Commands.Decode.Captures;

namespace IpvsSync.Daemon.Commands.Decode.Packets;

/// <summary>A datagram for one of the ports, or what the capture has of it.</summary>
internal readonly ref struct CapturedDatagram
{
    /// <summary>The packet's number in the capture, from 1.</summary>
    public required long Packet { get; init; }

    /// <summary>When it was captured.</summary>
    public required CaptureTime Time { get; init; }

    /// <summary>The sender; its port is 0 in a later fragment, which does not say it.</summary>
    public required IpEndpoint Source { get; init; }

    /// <summary>The group, or the host, that it is for; its port is 0 in a later fragment.</summary>
    public required IpEndpoint Destination { get; init; }

    /// <summary>What is there of it.</summary>
    public required ReadOnlySpan<byte> Bytes { get; init; }

    /// <summary>How many bytes were sent, all fragments together; 0 in a later fragment.</summary>
    public required int Length { get; init; }

    /// <summary>Where <see cref="Bytes"/> belongs; not 0 in a later fragment.</summary>
    public int Start { get; init; }

    /// <summary>Whether it is all there.</summary>
    public DatagramKind Kind { get; init; }

    /// <summary>One of its segments, which is a datagram of its own to the receivers.</summary>
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
