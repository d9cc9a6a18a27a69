using System.Runtime.InteropServices;
using IpvsSync.Linux.Interop;

namespace IpvsSync.Linux.Datagrams;

/// <summary>The identity of the calling thread's network namespace.</summary>
public static class NetworkNamespace
{
    /// <summary>
    /// The kernel's number of it, which no other namespace has until the next boot, unlike the inode of <c>/proc/self/ns/net</c>. Null before
    /// Linux 5.14.
    /// </summary>
    public static ulong? Cookie()
    {
        using KernelHandle socket =
            KernelSocket.Open(LinuxSocket.AF_INET, LinuxSocket.SOCK_DGRAM, LinuxIn.IPPROTO_UDP, "look at the network namespace");
        Span<byte> cookie = stackalloc byte[sizeof(ulong)];
        return KernelSocket.GetOption(socket, LinuxSocket.SOL_SOCKET, LinuxSocket.SO_NETNS_COOKIE, cookie) == cookie.Length
            ? MemoryMarshal.Read<ulong>(cookie)
            : null;
    }
}
