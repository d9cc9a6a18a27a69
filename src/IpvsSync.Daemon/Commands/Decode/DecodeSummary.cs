namespace IpvsSync.Daemon.Commands.Decode;

/// <summary>What was found in a capture. Written by one thread.</summary>
/// <param name="ports">The ports that were looked for.</param>
internal sealed class DecodeSummary(string ports)
{
    /// <summary>Packets of any kind.</summary>
    public long Packets { get; set; }

    /// <summary>Datagrams for the ports, refused ones included.</summary>
    public long Messages { get; set; }

    /// <summary>Messages of which nothing was read.</summary>
    public long RefusedMessages { get; set; }

    /// <summary>Entries, refused ones included; what is lost behind a bad entry cannot be counted.</summary>
    public long Entries { get; set; }

    /// <summary>Entries that were not read.</summary>
    public long RefusedEntries { get; set; }

    /// <summary>Datagrams of which a part is missing, and later fragments.</summary>
    public long Incomplete { get; set; }

    /// <summary>Packets of link types that are not understood.</summary>
    public long UnknownLinkPackets { get; set; }

    /// <summary>One such link type.</summary>
    public int UnknownLinkType { get; set; }

    /// <summary>One line.</summary>
    public override string ToString()
    {
        string text = Messages == 0 && Incomplete == 0
            ? $"no message for UDP ports {ports} among {Packets} packets"
            : $"{Packets} packets, {Messages} messages{Of(RefusedMessages, "refused")}, {Entries} entries{Of(RefusedEntries, "refused")}";
        if (Incomplete > 0) text += $", {Incomplete} fragments or cut datagrams";
        if (UnknownLinkPackets > 0) text += $", {UnknownLinkPackets} packets of unknown link type {UnknownLinkType}";
        return text;
    }

    private static string Of(long count, string what) => count == 0 ? "" : $" ({count} {what})";
}
