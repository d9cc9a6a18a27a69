using IpvsSync.Protocol;

namespace IpvsSync.Daemon.Receiving;

/// <summary>True for a connection that the daemon made itself: it is no traffic, and is left out.</summary>
internal delegate bool EntryFilter(in ConnectionKey key);
