namespace IpvsSync.Linux.Datagrams;

/// <summary>The state of an interface at one moment, as far as it matters to the sockets of a multicast group.</summary>
/// <param name="Index">The kernel's number of the interface. An interface that is made again has another.</param>
/// <param name="IsUp">Whether it is administratively up.</param>
/// <param name="HasCarrier">Whether its operational state is up or unknown. False while it is down.</param>
/// <param name="Mtu">The largest IP packet in bytes, headers included.</param>
/// <param name="Source">
/// The address that the kernel gives to datagrams for the group; null while it has no route or no address for them. An interface without
/// an address may borrow that of another interface.
/// </param>
public sealed record LinkState(uint Index, bool IsUp, bool HasCarrier, int Mtu, SourceAddress? Source);
