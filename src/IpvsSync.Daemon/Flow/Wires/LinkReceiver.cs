using IpvsSync.Linux.Datagrams;

namespace IpvsSync.Daemon.Flow.Wires;

/// <summary>A receiver of the peers' messages on one link.</summary>
/// <param name="Link">The link's number.</param>
/// <param name="Interface">Its interface.</param>
/// <param name="Socket">The receiver, which its owner disposes.</param>
internal readonly record struct LinkReceiver(int Link, string Interface, IDatagramReceiver Socket);
