using IpvsSync.Linux.Ipvs;
using IpvsSync.Protocol;

namespace IpvsSync.Daemon.Tests;

/// <summary>Connections as a kernel would list them.</summary>
internal static class KernelLines
{
    /// <summary>The line of an IPv4 entry, with 60 s to go.</summary>
    public static IpvsConnection Of(ConnectionEntry entry, IpvsOrigin origin = IpvsOrigin.Local) => new()
    {
        Protocol = entry.Key.Protocol,
        Client = new IpvsAddress(entry.Key.Client.Low, IsIPv6: false),
        ClientPort = entry.Key.ClientPort,
        Virtual = new IpvsAddress(entry.Key.Virtual.Low, IsIPv6: false),
        VirtualPort = entry.Key.VirtualPort,
        Real = new IpvsAddress(entry.Real.Low, IsIPv6: false),
        RealPort = entry.RealPort,
        State = ConnectionState.Name(entry.Key.Protocol, entry.State, entry.Key.IsTemplate),
        ExpiresSeconds = 60,
        Origin = origin,
    };
}
