namespace IpvsSync.Linux.Ipvs;

/// <summary>The three timeouts that can be set, in seconds (spec §7.2): TCP ESTABLISHED, TCP FIN_WAIT, UDP.</summary>
public sealed record IpvsTimeouts(uint Tcp, uint TcpFin, uint Udp);
