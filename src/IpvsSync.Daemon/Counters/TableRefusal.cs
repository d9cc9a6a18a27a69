namespace IpvsSync.Daemon.Counters;

/// <summary>Why the table does not store a connection. The codec's reasons are <see cref="IpvsSync.Protocol.Wire.Refusal"/>.</summary>
internal enum TableRefusal : byte
{
    /// <summary>The table holds as many connections as it may.</summary>
    Full,

    /// <summary>A peer's connection has client port 0, and neither NO_CPORT nor TEMPLATE: every kernel would add it as one more (spec §6.1).</summary>
    ClientPortMissing,
}
