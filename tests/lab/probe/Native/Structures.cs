using System.Net;
using System.Runtime.InteropServices;

namespace IpvsSync.Lab.Native;

/// <summary><c>struct epoll_event</c>: packed on x86-64.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 4)]
internal struct EpollEvent
{
    public uint Events;
    public ulong Data;
}

/// <summary><c>struct sockaddr_in</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly struct Ipv4SocketAddress(IPAddress address, int port)
{
    public readonly ushort Family = Libc.AF_INET;
    public readonly ushort Port = (ushort)IPAddress.HostToNetworkOrder((short)port);
    public readonly uint Address = BitConverter.ToUInt32(address.GetAddressBytes());
    public readonly ulong Zero;
}

/// <summary><c>struct sockaddr_ll</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly struct LinkSocketAddress(ushort protocol, uint interfaceIndex)
{
    public readonly ushort Family = Libc.AF_PACKET;
    public readonly ushort Protocol = (ushort)IPAddress.HostToNetworkOrder((short)protocol);
    public readonly uint InterfaceIndex = interfaceIndex;
    public readonly ushort HardwareType;
    public readonly byte PacketType;
    public readonly byte AddressLength;
    public readonly ulong Address;
}

/// <summary><c>struct tpacket_req</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct PacketRingRequest
{
    public uint BlockSize;
    public uint BlockCount;
    public uint FrameSize;
    public uint FrameCount;
}

/// <summary><c>struct tpacket2_hdr</c>, of which the last fields are left out.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct PacketRingHeader
{
    public uint Status;
    public uint Length;
    public uint CapturedLength;
    public ushort MacOffset;
    public ushort NetworkOffset;
    public uint Seconds;
    public uint Nanoseconds;
}
