using System.Globalization;
using IpvsSync.Protocol;

namespace IpvsSync.Daemon.Commands.Decode.Packets;

/// <summary>An address with a port, for display.</summary>
internal readonly record struct IpEndpoint(IpFamily Family, Address Address, ushort Port)
{
    /// <summary>The address without the port.</summary>
    public string AddressText => Address.ToString(Family);

    /// <summary>The text: <c>10.0.0.11:80</c>, <c>[2001:db8::7]:80</c>.</summary>
    public override string ToString() => Family == IpFamily.IPv6
        ? string.Create(CultureInfo.InvariantCulture, $"[{AddressText}]:{Port}")
        : string.Create(CultureInfo.InvariantCulture, $"{AddressText}:{Port}");
}
