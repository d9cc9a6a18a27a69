namespace IpvsSync.Protocol;

#pragma warning disable CA1707 // Kernel constants keep the kernel's spelling: include/uapi/linux/ip_vs.h.
#pragma warning disable CA1711 // They are flags, and everybody who knows IPVS calls them so.

/// <summary>
/// The flags of a connection (spec §3.1). Version 0 carries the low 16 bits, version 1 all except <see cref="IP_VS_CONN_F_HASHED"/>.
/// <see cref="ConnectionFlagMasks"/> lists those that a reader keeps.
/// </summary>
/// <remarks>
/// The series of 2012 (kernel 3.5) changed what a receiver does with three of them (spec §3.4):
/// <list type="bullet">
/// <item><see cref="IP_VS_CONN_F_NOOUTPUT"/> of the master is replaced, with the forwarding method, when a destination
/// is bound.</item>
/// <item><see cref="IP_VS_CONN_F_INACTIVE"/> is taken from the message, on creation and on update, for all protocols;
/// before, it followed the state.</item>
/// <item><see cref="IP_VS_CONN_F_IN_SEQ"/> and <see cref="IP_VS_CONN_F_OUT_SEQ"/> of an existing record follow the
/// message; before, they stayed.</item>
/// </list>
/// </remarks>
[Flags]
public enum ConnectionFlags : uint
{
    /// <summary>Forwarding method 0: masquerade (NAT).</summary>
    IP_VS_CONN_F_MASQ = 0x0000,

    /// <summary>Forwarding method 1: this node.</summary>
    IP_VS_CONN_F_LOCALNODE = 0x0001,

    /// <summary>Forwarding method 2: tunnel.</summary>
    IP_VS_CONN_F_TUNNEL = 0x0002,

    /// <summary>Forwarding method 3: direct routing.</summary>
    IP_VS_CONN_F_DROUTE = 0x0003,

    /// <summary>Forwarding method 4: past IPVS.</summary>
    IP_VS_CONN_F_BYPASS = 0x0004,

    /// <summary>The three bits that hold the forwarding method, a number and not a set.</summary>
    IP_VS_CONN_F_FWD_MASK = 0x0007,

    /// <summary>The record was created by synchronisation.</summary>
    IP_VS_CONN_F_SYNC = 0x0020,

    /// <summary>Internal to the kernel's table; never on the wire.</summary>
    IP_VS_CONN_F_HASHED = 0x0040,

    /// <summary>No reply traffic passes through this director.</summary>
    IP_VS_CONN_F_NOOUTPUT = 0x0080,

    /// <summary>The connection counts as inactive.</summary>
    IP_VS_CONN_F_INACTIVE = 0x0100,

    /// <summary>Replies have their sequence numbers adjusted.</summary>
    IP_VS_CONN_F_OUT_SEQ = 0x0200,

    /// <summary>Requests have their sequence numbers adjusted.</summary>
    IP_VS_CONN_F_IN_SEQ = 0x0400,

    /// <summary>Sequence numbers of either direction are adjusted. In version 0 this decides whether a sequence block follows.</summary>
    IP_VS_CONN_F_SEQ_MASK = 0x0600,

    /// <summary>The client's port is not known yet.</summary>
    IP_VS_CONN_F_NO_CPORT = 0x0800,

    /// <summary>A persistence template.</summary>
    IP_VS_CONN_F_TEMPLATE = 0x1000,

    /// <summary>One-packet scheduling; such connections are never sent.</summary>
    IP_VS_CONN_F_ONE_PACKET = 0x2000,

    /// <summary>Connection tracking is in use on the sender. Every receiver masks this bit.</summary>
    IP_VS_CONN_F_NFCT = 0x10000,
}
