namespace IpvsSync.Daemon.Commands.Decode;

/// <summary>The counts of a capture. Written by one thread.</summary>
/// <param name="ports">The ports whose datagrams are decoded.</param>
internal sealed class DecodeSummary(string ports)
{
    /// <summary>The number of packets of any kind.</summary>
    public long Packets { get; set; }

    /// <summary>The number of datagrams for the ports, refused ones included.</summary>
    public long Messages { get; set; }

    /// <summary>The number of messages that were refused completely.</summary>
    public long RefusedMessages { get; set; }

    /// <summary>The number of messages without entries that an ipvs-syncd sends to others of its kind.</summary>
    public long ControlMessages { get; set; }

    /// <summary>The number of entries, refused ones included. Entries lost after a refused one cannot be counted.</summary>
    public long Entries { get; set; }

    /// <summary>The number of entries that were refused.</summary>
    public long RefusedEntries { get; set; }

    /// <summary>The number of incomplete datagrams and later fragments.</summary>
    public long Incomplete { get; set; }

    /// <summary>The number of packets with unsupported link types.</summary>
    public long UnknownLinkPackets { get; set; }

    /// <summary>One of those link types.</summary>
    public int UnknownLinkType { get; set; }

    /// <summary>The summary in one line.</summary>
    public override string ToString()
    {
        string text = Messages == 0 && Incomplete == 0
            ? $"no message for UDP ports {ports} among {Packets} packets"
            : $"{Packets} packets, {Messages} messages{Of(RefusedMessages, "refused")}, {Entries} entries{Of(RefusedEntries, "refused")}";
        if (ControlMessages > 0) text += $", {ControlMessages} control messages";
        if (Incomplete > 0) text += $", {Incomplete} fragments or cut datagrams";
        if (UnknownLinkPackets > 0) text += $", {UnknownLinkPackets} packets of unknown link type {UnknownLinkType}";
        return text;
    }

    private static string Of(long count, string what) => count == 0 ? "" : $" ({count} {what})";
}
