using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using IpvsSync.Lab.Native;

namespace IpvsSync.Lab.Load;

/// <summary>
/// The source addresses of a client's connections: any address of the target's family, or <c>--from</c> and the <c>--from-count</c>
/// addresses that start with it, in turn.
/// </summary>
internal sealed class SourceAddresses(Arguments arguments)
{
    private readonly byte[] _first = (arguments.Has("from") ? arguments.Address("from") : AnyLike(arguments.Address("to"))).GetAddressBytes();
    private readonly uint _count = (uint)arguments.Number("from-count", 1);

    public InternetSocketAddress For(int index, int port)
    {
        byte[] address = [.. _first];
        Span<byte> end = address.AsSpan(address.Length - sizeof(uint));
        BinaryPrimitives.WriteUInt32BigEndian(end, BinaryPrimitives.ReadUInt32BigEndian(end) + ((uint)index % _count));
        return new InternetSocketAddress(new IPAddress(address), port);
    }

    private static IPAddress AnyLike(IPAddress target) => target.AddressFamily == AddressFamily.InterNetworkV6 ? IPAddress.IPv6Any : IPAddress.Any;
}
