namespace IpvsSync.Daemon.Counters;

/// <summary>The reason why the table does not store a connection. The codec's reasons are <see cref="IpvsSync.Protocol.Wire.Refusal"/>.</summary>
internal enum TableRefusal : byte
{
    /// <summary>The table has its maximum number of connections, or of the peers' connections.</summary>
    Full,

    /// <summary>This director's kernel has its maximum number of connections (<c>net.ipv4.vs.conn_max</c>), but for a share for its own.</summary>
    KernelFull,

    /// <summary>The machine has too little memory left for more connections of the peers.</summary>
    MemoryShort,

    /// <summary>
    /// A peer's connection has client port 0 without NO_CPORT or TEMPLATE: every kernel would add another record for it (spec §6.1).
    /// </summary>
    ClientPortMissing,

    /// <summary>
    /// A peer's connection has client port 0 with NO_CPORT, and is no data connection of FTP: it would stand for every other connection of its
    /// client to that service (spec §6.1).
    /// </summary>
    AnyClientPort,

    /// <summary>A peer's connection has an address of this director's pusher, which no other machine uses.</summary>
    PusherAddress,

    /// <summary>A message of a host that is none of <c>Peers</c>.</summary>
    UnknownSource,

    /// <summary>A persistence template whose real server is gone. Kernels send them; nobody needs them (spec §13.1, rows 1 to 5).</summary>
    DeadTemplate,

    /// <summary>
    /// A peer's connection is new here, and its real server was here and is gone, with <c>net.ipv4.vs.expire_nodest_conn</c>: the kernel drops
    /// such connections, and the peer's will, too.
    /// </summary>
    ServerGone,
}
