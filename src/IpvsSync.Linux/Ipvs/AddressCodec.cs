using System.Net;
using System.Net.Sockets;
using IpvsSync.Linux.Interop;

namespace IpvsSync.Linux.Ipvs;

/// <summary>union nf_inet_addr: 16 bytes, of which IPv4 uses the first 4.</summary>
internal static class AddressCodec
{
    internal const int Size = 16;

    internal static ushort KernelFamily(AddressFamily family) =>
        (ushort)(family == AddressFamily.InterNetworkV6 ? LinuxSocket.AF_INET6 : LinuxSocket.AF_INET);

    internal static AddressFamily Family(ushort kernelFamily) =>
        kernelFamily == LinuxSocket.AF_INET6 ? AddressFamily.InterNetworkV6 : AddressFamily.InterNetwork;

    internal static IPAddress Read(ReadOnlySpan<byte> bytes, AddressFamily family) =>
        new(family == AddressFamily.InterNetworkV6 ? bytes[..Size] : bytes[..4]);

    internal static void Write(Span<byte> target, IPAddress address)
    {
        target[..Size].Clear();
        address.TryWriteBytes(target, out _);
    }
}
