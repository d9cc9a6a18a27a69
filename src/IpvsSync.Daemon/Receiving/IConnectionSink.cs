using IpvsSync.Protocol;

namespace IpvsSync.Daemon.Receiving;

/// <summary>
/// Where connections go that a receiver has read: from the kernel's feed to the lanes, from the peers to the kernel's injector or
/// nowhere. Used by one receiver thread, never by two at once.
/// </summary>
internal interface IConnectionSink : IDisposable
{
    /// <summary>Takes one connection over; may hold it until <see cref="Flush"/>.</summary>
    void Add(in ConnectionEntry entry, PersistenceData persistence);

    /// <summary>Hands on everything that was added.</summary>
    void Flush();
}
