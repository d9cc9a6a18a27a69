namespace IpvsSync.Protocol.Wire;

/// <summary>The flags that a sender puts on the wire, chosen so that all generations of receivers accept them (spec §9.3).</summary>
internal static class SentFlags
{
    private const ConnectionFlags Portless = ConnectionFlags.IP_VS_CONN_F_NO_CPORT | ConnectionFlags.IP_VS_CONN_F_TEMPLATE;

    /// <summary>The flags without HASHED; the key decides whether the entry is a template.</summary>
    internal static ConnectionFlags Of(in ConnectionEntry entry)
    {
        ConnectionFlags flags = entry.Flags & ~(ConnectionFlags.IP_VS_CONN_F_HASHED | ConnectionFlags.IP_VS_CONN_F_TEMPLATE);
        return entry.KeyInPlace.IsTemplate ? flags | ConnectionFlags.IP_VS_CONN_F_TEMPLATE : flags;
    }

    internal static Refusal Check(in ConnectionEntry entry, ConnectionFlags wireFlags)
    {
        Refusal refusal = EntryRules.Check(wireFlags, entry.KeyInPlace.Protocol, entry.State, ReaderProfile.Hardened2026);
        if (refusal != Refusal.None) return refusal;
        return entry.KeyInPlace.ClientPort == 0 && (wireFlags & Portless) == 0 ? Refusal.ClientPortMissing : Refusal.None;
    }
}
