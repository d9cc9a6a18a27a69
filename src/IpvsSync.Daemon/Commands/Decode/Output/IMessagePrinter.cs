using IpvsSync.Daemon.Commands.Decode.Packets;

namespace IpvsSync.Daemon.Commands.Decode.Output;

/// <summary>
/// Shows what a capture holds: in words or as JSON. Calls come in the order of the capture: per message one
/// <see cref="Begin"/>, its entries, one <see cref="End"/>. For one thread. What it writes may stay in a buffer until
/// <see cref="Flush"/>; errors of the output come out as <see cref="IOException"/> of any call.
/// </summary>
internal interface IMessagePrinter
{
    /// <summary>A message, whole, with its header.</summary>
    void Begin(in CapturedDatagram datagram, in MessageHead head);

    /// <summary>One entry of it, good or refused.</summary>
    void Entry(in EntryView entry);

    /// <summary>The end of the message, with the bytes behind its last entry.</summary>
    void End(ReadOnlySpan<byte> trailer);

    /// <summary>A datagram that cannot be read because not all of it is there.</summary>
    void Incomplete(in CapturedDatagram datagram);

    /// <summary>The end of the capture, or of what could be read of it.</summary>
    void Finish(DecodeSummary summary);

    /// <summary>Hands over what is in the buffer.</summary>
    void Flush();
}
