namespace IpvsSync.Daemon.Counters;

/// <summary>The reason why the table does not store a connection. The codec's reasons are <see cref="IpvsSync.Protocol.Wire.Refusal"/>.</summary>
internal enum TableRefusal : byte
{
    /// <summary>The table has its maximum number of connections.</summary>
    Full,

    /// <summary>
    /// A peer's connection has client port 0 without NO_CPORT or TEMPLATE: every kernel would add another record for it (spec §6.1).
    /// </summary>
    ClientPortMissing,
}
