using System.Buffers.Binary;
using System.Net;
using IpvsSync.Protocol;

namespace IpvsSync.Daemon.Kernel;

/// <summary>
/// The private network of the pusher: three consecutive addresses that exist on no wire. By default they are not routable (TEST-NET-1, RFC 5737).
/// </summary>
/// <param name="Service">The virtual address; also the address of the pusher's own interface.</param>
internal sealed record PushAddresses(IPAddress Service)
{
    /// <summary>The port of the discard service, on which no service of the director listens.</summary>
    public const ushort ServicePort = 9;

    /// <summary>The network's prefix length on the pusher's interface.</summary>
    public const int PrefixLength = 29;

    private const uint Count = 3;

    /// <summary>The client whose packets we write.</summary>
    public uint Client => Number + 1;

    /// <summary>The real server, which does not exist: packets forwarded to it end in the interface's queue.</summary>
    public IPAddress RealServer => FromNumber(Number + 2);

    /// <summary>The virtual address as a number.</summary>
    public uint Number { get; } = BinaryPrimitives.ReadUInt32BigEndian(Service.GetAddressBytes());

    /// <summary>True for a push connection.</summary>
    public bool Own(in ConnectionKey key)
        => key.VirtualPort == ServicePort && key.Virtual == Address.FromIPv4(Number) && key.Family == IpFamily.IPv4;

    /// <summary>True for an entry that names one of the three addresses, whatever its port.</summary>
    public bool Concern(in ConnectionEntry entry)
    {
        ref readonly ConnectionKey key = ref entry.KeyInPlace;
        return key.Family == IpFamily.IPv4 && (Includes(key.Virtual) || Includes(key.Client) || Includes(entry.Real));
    }

    private bool Includes(Address address) => address.High == 0 && address.Low - Number < Count;

    private static IPAddress FromNumber(uint number)
    {
        byte[] bytes = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, number);
        return new IPAddress(bytes);
    }
}
