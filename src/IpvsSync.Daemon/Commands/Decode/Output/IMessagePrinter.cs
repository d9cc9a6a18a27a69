using IpvsSync.Daemon.Commands.Decode.Packets;

namespace IpvsSync.Daemon.Commands.Decode.Output;

/// <summary>
/// Prints the content of a capture as text or as JSON. Calls come in the order of the capture: for each message one <see cref="Begin"/>,
/// its entries, one <see cref="End"/>. For one thread. Output may stay in a buffer until <see cref="Flush"/>; an error of the output can
/// appear as an <see cref="IOException"/> of any call.
/// </summary>
internal interface IMessagePrinter
{
    /// <summary>Starts a message, which is complete, with its header.</summary>
    void Begin(in CapturedDatagram datagram, in MessageHead head);

    /// <summary>Prints one entry of it, valid or refused.</summary>
    void Entry(in EntryView entry);

    /// <summary>Ends the message, with what follows its last entry.</summary>
    void End(in MessageTail tail);

    /// <summary>Prints a datagram that cannot be decoded because it is incomplete.</summary>
    void Incomplete(in CapturedDatagram datagram);

    /// <summary>Ends the capture, or what could be read of it.</summary>
    void Finish(DecodeSummary summary);

    /// <summary>Writes out the buffer.</summary>
    void Flush();
}
