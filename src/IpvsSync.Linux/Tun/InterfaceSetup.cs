using System.Net;
using IpvsSync.Linux.Interop;

namespace IpvsSync.Linux.Tun;

/// <summary>Configures a new interface before packets pass through it.</summary>
internal static class InterfaceSetup
{
    // The smallest queue that every kernel accepts: nobody reads the packets in it.
    private const int QueueLength = 1;

    /// <summary>Sets queue length, address and netmask, disables IPv6 on the interface if that is wanted, and brings it up.</summary>
    internal static void Configure(string name, IPAddress address, IPAddress netmask, bool disableIPv6)
    {
        string operation = $"set up {name} with {address} netmask {netmask}";
        using KernelHandle socket = KernelSocket.Open(LinuxSocket.AF_INET, LinuxSocket.SOCK_DGRAM, 0, operation);
        var request = new InterfaceRequest(name, operation);
        request.With(QueueLength).Call(socket, LinuxSockios.SIOCSIFTXQLEN, operation);
        if (disableIPv6)
            TryDisableIPv6(name);
        request.With(address).Call(socket, LinuxSockios.SIOCSIFADDR, operation);
        request.With(netmask).Call(socket, LinuxSockios.SIOCSIFNETMASK, operation);
        request.Call(socket, LinuxSockios.SIOCGIFFLAGS, operation);
        request.With((short)(request.Get<short>() | LinuxIf.IFF_UP)).Call(socket, LinuxSockios.SIOCSIFFLAGS, operation);
    }

    // Optional: with IPv6 the kernel would only solicit routers that do not exist. A kernel without IPv6 has no such file, and a sandbox
    // may make it read-only.
    private static void TryDisableIPv6(string name)
    {
        try
        {
            File.WriteAllText($"/proc/sys/net/ipv6/conf/{name}/disable_ipv6", "1");
        }
        catch (Exception refusal) when (refusal is IOException or UnauthorizedAccessException)
        {
        }
    }
}
