namespace IpvsSync.Protocol;

/// <summary>Names and default timeouts (seconds) of the states, indexed by number (spec §8.5, §8.6).</summary>
internal static class ConnectionStateTables
{
    private static readonly string[] _tcpNames =
        ["NONE", "ESTABLISHED", "SYN_SENT", "SYN_RECV", "FIN_WAIT", "TIME_WAIT", "CLOSE", "CLOSE_WAIT", "LAST_ACK", "LISTEN", "SYNACK"];

    private static readonly string[] _udpNames = ["UDP"];

    private static readonly string[] _sctpNames =
        ["NONE", "INIT1", "INIT", "C-SENT", "C-REPLIED", "C-WAIT", "COOKIE", "C-ECHOED", "ESTABLISHED", "S-SENT", "S-RECEIVED",
            "S-ACK-SENT", "REJECTED", "CLOSED"];

    private static readonly string[] _templateNames = ["NONE", "ASSURED"];

    internal static ReadOnlySpan<string> TemplateNames => _templateNames;

    internal static ReadOnlySpan<string> Names(byte protocol) => protocol switch
    {
        IpProtocol.Tcp => _tcpNames,
        IpProtocol.Udp => _udpNames,
        IpProtocol.Sctp => _sctpNames,
        _ => [],
    };

    internal static ReadOnlySpan<ushort> Timeouts(byte protocol) => protocol switch
    {
        IpProtocol.Tcp => [2, 900, 120, 60, 120, 120, 10, 60, 30, 120, 120],
        IpProtocol.Udp => [300],
        IpProtocol.Sctp => [2, 4, 61, 61, 61, 61, 61, 61, 900, 61, 61, 61, 4, 61],
        _ => [],
    };
}
