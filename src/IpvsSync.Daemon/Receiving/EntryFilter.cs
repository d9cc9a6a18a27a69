using IpvsSync.Protocol;

namespace IpvsSync.Daemon.Receiving;

/// <summary>True for a connection that is no traffic but a tool of ours, and goes no further.</summary>
internal delegate bool EntryFilter(in ConnectionKey key);
