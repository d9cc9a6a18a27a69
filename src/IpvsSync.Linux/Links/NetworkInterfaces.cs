using System.Net;
using System.Net.NetworkInformation;
using System.Runtime.InteropServices;
using IpvsSync.Linux.Interop;

namespace IpvsSync.Linux.Links;

/// <summary>The interfaces of the calling thread's network namespace.</summary>
/// <remarks>
/// Read through sockets, not from /sys: a mounted /sys may belong to another network namespace.
/// Any thread may call every member.
/// </remarks>
public static class NetworkInterfaces
{
    /// <summary>The index of an interface, or null if there is no interface of that name.</summary>
    /// <exception cref="KernelException">The kernel gave a reason other than "no such device".</exception>
    public static uint? IndexOf(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (!InterfaceRequest.CanBeName(name))
            return null;

        uint index = Libc.IfNameToIndex(name);
        if (index != 0)
            return index;
        int errno = Marshal.GetLastPInvokeError();
        return errno is Errno.ENODEV or Errno.ENXIO
            ? null
            : throw new KernelException($"look up interface {name}", errno);
    }

    /// <summary>Whether an interface can have this name: 1 to 15 bytes.</summary>
    public static bool CanBeName(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return InterfaceRequest.CanBeName(name);
    }

    /// <summary>The names of all interfaces, up or down, in the kernel's order.</summary>
    /// <exception cref="KernelException">The kernel does not return the list.</exception>
    public static unsafe IReadOnlyList<string> Names()
    {
        InterfaceName* list = Libc.IfNameIndex();
        if (list == null)
            throw KernelException.FromLastCall("list the interfaces");
        try
        {
            var names = new List<string>();
            for (InterfaceName* entry = list; entry->Index != 0; entry++)
                names.Add(Marshal.PtrToStringUTF8((nint)entry->Name) ?? string.Empty);
            return names;
        }
        finally
        {
            Libc.IfFreeNameIndex(list);
        }
    }

    /// <summary>The MTU of an interface in bytes: the largest IP packet, headers included.</summary>
    /// <exception cref="KernelException">ENODEV if there is no interface of that name; the message names those that exist.</exception>
    public static int Mtu(string name)
    {
        Require(name);
        string operation = $"read the MTU of {name}";
        using KernelHandle socket = KernelSocket.Open(LinuxSocket.AF_INET, LinuxSocket.SOCK_DGRAM, 0, operation);
        var request = new InterfaceRequest(name, operation);
        request.Call(socket, LinuxSockios.SIOCGIFMTU, operation);
        return request.Get<int>();
    }

    /// <summary>
    /// The networks of an interface's addresses, IPv4 and IPv6, whether it is up or not; none if there is no such interface, or if the runtime cannot
    /// read them.
    /// </summary>
    public static IReadOnlyList<IPNetwork> NetworksOf(string name)
    {
        try
        {
            NetworkInterface? found = Array.Find(NetworkInterface.GetAllNetworkInterfaces(), one => one.Name == name);
            return [.. found?.GetIPProperties().UnicastAddresses.Select(one => Network(one.Address, one.PrefixLength)) ?? []];
        }
        catch (NetworkInformationException)
        {
            return [];
        }
    }

    /// <summary>The index of an interface that must exist.</summary>
    /// <exception cref="KernelException">ENODEV; the message names the interfaces that exist.</exception>
    internal static uint Require(string name) =>
        IndexOf(name) ?? throw new KernelException($"find interface {name}", Errno.ENODEV, ExistingNames());

    /// <summary>A hint for the operator who mistyped a name: the names that exist.</summary>
    internal static string ExistingNames() => $"this network namespace has {string.Join(", ", Names())}";

    /// <summary>The network of an address: the runtime's type takes no bits behind the prefix.</summary>
    private static IPNetwork Network(IPAddress address, int prefixLength)
    {
        byte[] bytes = address.GetAddressBytes();
        for (int bit = prefixLength; bit < bytes.Length * 8; bit++)
            bytes[bit / 8] &= (byte)~(0x80 >> bit % 8);
        return new IPNetwork(new IPAddress(bytes), prefixLength);
    }
}
