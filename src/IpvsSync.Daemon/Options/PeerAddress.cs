using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace IpvsSync.Daemon.Options;

/// <summary>One address of a peer that is sent to without a group.</summary>
/// <param name="Address">An IPv4 or IPv6 address of a host.</param>
/// <param name="Port">The peer's first port; lane i uses this + i. 0: as this director's.</param>
internal sealed record PeerAddress(IPAddress Address, int Port)
{
    /// <summary>As it is configured: <c>10.0.0.2</c>, <c>10.0.0.2:8848</c>, <c>fd00::2</c>, <c>[fd00::2]:8848</c>.</summary>
    public override string ToString() => Port == 0 ? Address.ToString() : new IPEndPoint(Address, Port).ToString();

    /// <summary>Reads one address. A name is not resolved.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out PeerAddress? peer)
    {
        peer = null;
        (string host, string? port) = Split(text);
        int number = 0;
        if (port is not null && (!int.TryParse(port, NumberStyles.None, CultureInfo.InvariantCulture, out number) || number is < 1 or > 65535))
            return false;
        if (!SectionReader.TryParseAddress(host, out IPAddress? address) || !IsHost(address))
            return false;
        peer = new PeerAddress(address, number);
        return true;
    }

    private static (string Host, string? Port) Split(string text)
    {
        int end = text.IndexOf("]:", StringComparison.Ordinal);
        if (text is ['[', ..] && end > 0)
            return (text[1..end], text[(end + 2)..]);
        if (text is ['[', .. string inside, ']'])
            return (inside, null);
        int colon = text.IndexOf(':', StringComparison.Ordinal);
        return colon >= 0 && colon == text.LastIndexOf(':') ? (text[..colon], text[(colon + 1)..]) : (text, null);
    }

    private static bool IsHost(IPAddress address) => address.AddressFamily == AddressFamily.InterNetworkV6
        ? !address.IsIPv6Multicast && !address.IsIPv4MappedToIPv6 && !address.Equals(IPAddress.IPv6Any)
        : address.GetAddressBytes() is [> 0 and < 224, _, _, _];
}
