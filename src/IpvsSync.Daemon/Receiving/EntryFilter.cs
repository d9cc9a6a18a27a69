using IpvsSync.Protocol;

namespace IpvsSync.Daemon.Receiving;

/// <summary>True for an entry about connections that a daemon makes itself: it is no traffic.</summary>
internal delegate bool EntryFilter(in ConnectionEntry entry);
