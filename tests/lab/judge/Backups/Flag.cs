using IpvsSync.Protocol;

namespace IpvsSync.Lab.Judge.Backups;

/// <summary>Short names of the flags of an entry (spec §3.1).</summary>
internal static class Flag
{
    public const uint Nat = (uint)ConnectionFlags.IP_VS_CONN_F_MASQ;
    public const uint Local = (uint)ConnectionFlags.IP_VS_CONN_F_LOCALNODE;
    public const uint Tunnel = (uint)ConnectionFlags.IP_VS_CONN_F_TUNNEL;
    public const uint Direct = (uint)ConnectionFlags.IP_VS_CONN_F_DROUTE;
    public const uint Bypass = (uint)ConnectionFlags.IP_VS_CONN_F_BYPASS;
    public const uint NoOutput = (uint)ConnectionFlags.IP_VS_CONN_F_NOOUTPUT;
    public const uint Inactive = (uint)ConnectionFlags.IP_VS_CONN_F_INACTIVE;
    public const uint OutSequence = (uint)ConnectionFlags.IP_VS_CONN_F_OUT_SEQ;
    public const uint InSequence = (uint)ConnectionFlags.IP_VS_CONN_F_IN_SEQ;
    public const uint NoClientPort = (uint)ConnectionFlags.IP_VS_CONN_F_NO_CPORT;
    public const uint Template = (uint)ConnectionFlags.IP_VS_CONN_F_TEMPLATE;
    public const uint Sync = (uint)ConnectionFlags.IP_VS_CONN_F_SYNC;
    public const uint Tracked = (uint)ConnectionFlags.IP_VS_CONN_F_NFCT;
}
