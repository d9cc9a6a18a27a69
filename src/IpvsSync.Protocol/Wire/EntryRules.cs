namespace IpvsSync.Protocol.Wire;

/// <summary>The rules of both versions for an entry's flags, protocol and state (spec §1.6; §2.5 I and J), in the kernel's order.</summary>
internal static class EntryRules
{
    private const ConnectionFlags TemplateWithoutPort = ConnectionFlags.IP_VS_CONN_F_NO_CPORT | ConnectionFlags.IP_VS_CONN_F_TEMPLATE;

    internal static Refusal Check(ConnectionFlags flags, byte protocol, ushort state, ReaderProfile profile)
    {
        if (profile == ReaderProfile.Hardened2026)
        {
            if ((flags & ConnectionFlags.IP_VS_CONN_F_ONE_PACKET) != 0) return Refusal.OnePacket;
            if ((flags & TemplateWithoutPort) == TemplateWithoutPort) return Refusal.TemplateWithoutClientPort;
        }

        return (flags & ConnectionFlags.IP_VS_CONN_F_TEMPLATE) != 0 ? CheckTemplate(state, profile) : CheckState(protocol, state);
    }

    private static Refusal CheckState(byte protocol, ushort state)
    {
        int states = ConnectionState.StateCount(protocol);
        if (state < states) return Refusal.None;
        return states == 0 ? Refusal.UnknownProtocol : Refusal.StateOutOfRange;
    }

    private static Refusal CheckTemplate(ushort state, ReaderProfile profile) =>
        state >= ConnectionState.TemplateStateCount && profile != ReaderProfile.Kernel61176
            ? Refusal.TemplateStateOutOfRange
            : Refusal.None;
}
