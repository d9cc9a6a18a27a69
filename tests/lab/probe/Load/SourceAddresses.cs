using System.Buffers.Binary;
using System.Net;
using IpvsSync.Lab.Native;

namespace IpvsSync.Lab.Load;

/// <summary>Where a client's connections start: any address, or <c>--from</c> and the <c>--from-count</c> addresses that begin with it, in turn.</summary>
internal sealed class SourceAddresses(Arguments arguments)
{
    private readonly uint _first = arguments.Has("from") ? BinaryPrimitives.ReadUInt32BigEndian(arguments.Address("from").GetAddressBytes()) : 0;
    private readonly int _count = arguments.Number("from-count", 1);

    public Ipv4SocketAddress For(int index, int port)
    {
        byte[] address = new byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32BigEndian(address, _first == 0 ? 0 : _first + (uint)(index % _count));
        return new Ipv4SocketAddress(new IPAddress(address), port);
    }
}
