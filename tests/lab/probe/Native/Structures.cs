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

/// <summary><c>struct linger</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct Linger
{
    public int IsOn;
    public int Seconds;
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

/// <summary>
/// <c>struct sockaddr_in</c> or <c>struct sockaddr_in6</c>, depending on the address; its <see cref="Length"/> is not its size.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly struct InternetSocketAddress
{
    public readonly ushort Family;
    public readonly ushort Port;
    public readonly uint Address;
    public readonly ulong High;
    public readonly ulong Low;
    public readonly uint Scope;

    public InternetSocketAddress(IPAddress address, int port)
    {
        byte[] bytes = address.GetAddressBytes();
        Port = (ushort)IPAddress.HostToNetworkOrder((short)port);
        Family = bytes.Length == sizeof(uint) ? (ushort)Libc.AF_INET : (ushort)Libc.AF_INET6;
        if (Family == Libc.AF_INET)
        {
            Address = BitConverter.ToUInt32(bytes);
            return;
        }

        High = BitConverter.ToUInt64(bytes);
        Low = BitConverter.ToUInt64(bytes, sizeof(ulong));
    }

    public int Length => Family == Libc.AF_INET ? 16 : 28;
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

/// <summary><c>struct tpacket2_hdr</c> without its last fields.</summary>
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
