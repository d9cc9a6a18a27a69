using System.Globalization;
using System.Net;
using IpvsSync.Protocol;

namespace IpvsSync.Daemon.Destinations;

/// <summary>Formats and parses an address with a port, as <c>ipvsadm</c> writes them.</summary>
internal static class EndpointText
{
    /// <summary>Formats the pair: <c>10.0.0.11:80</c>, <c>[2001:db8::7]:80</c>.</summary>
    public static string Of(IpFamily family, Address address, ushort port) => family == IpFamily.IPv6
        ? string.Create(CultureInfo.InvariantCulture, $"[{address.ToString(family)}]:{port}")
        : string.Create(CultureInfo.InvariantCulture, $"{address.ToString(family)}:{port}");

    /// <summary>Parses an address with a port.</summary>
    /// <returns>False if the text is not an address with a port.</returns>
    public static bool TryParse(string text, out IpFamily family, out Address address, out ushort port)
    {
        int colon = text.LastIndexOf(':');
        string host = colon < 0 ? text : text[..colon];
        bool isIPv6 = host is ['[', .., ']'];
        (family, address, port) = (isIPv6 ? IpFamily.IPv6 : IpFamily.IPv4, default, 0);
        return colon > 0
            && ushort.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out port)
            && TryParseAddress(isIPv6 ? host[1..^1] : host, out IpFamily found, out address)
            && found == family;
    }

    /// <summary>Parses an address without a port.</summary>
    /// <returns>False if the text is not an address. An IPv4 address must have all four numbers.</returns>
    public static bool TryParseAddress(string text, out IpFamily family, out Address address)
    {
        (family, address) = (text.Contains(':') ? IpFamily.IPv6 : IpFamily.IPv4, default);
        if (!IPAddress.TryParse(text, out IPAddress? parsed) || (family == IpFamily.IPv4 && text.AsSpan().Count('.') != 3))
            return false;
        address = Address.From(parsed);
        return true;
    }
}
