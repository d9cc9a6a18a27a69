using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace IpvsSync.Daemon.Options;

/// <summary>One address of a TCP listener.</summary>
/// <param name="Host">An address, a host name, or <see cref="Any"/>.</param>
/// <param name="Port">The port, 1-65535.</param>
internal sealed record ListenAddress(string Host, int Port)
{
    /// <summary>The host that means all addresses of this system, IPv4 and IPv6.</summary>
    public const string Any = "*";

    private const int LongestName = 253;

    /// <summary>As it is configured: <c>127.0.0.1:18748</c>, <c>[::1]:18748</c>, <c>director-1:18748</c>, <c>*:18748</c>.</summary>
    public override string ToString()
        => Host.Contains(':', StringComparison.Ordinal) ? $"[{Host}]:{Port}" : $"{Host}:{Port}";

    /// <summary>Reads one address. A name is not resolved.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out ListenAddress? address)
    {
        address = null;
        int colon = text.LastIndexOf(':');
        if (colon < 0 || !int.TryParse(text[(colon + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out int port) || port is < 1 or > 65535)
            return false;
        string host = text[..colon];
        if (host.Length == 0)
            host = Any;
        else if (host is ['[', .. string inside, ']'] && IsIPv6(inside))
            host = inside;
        else if (host != Any && !IsIPv4(host) && !IsName(host))
            return false;
        address = new ListenAddress(host, port);
        return true;
    }

    private static bool IsIPv6(string text)
        => text.Contains(':', StringComparison.Ordinal) && IPAddress.TryParse(text, out IPAddress? address)
        && address.AddressFamily == AddressFamily.InterNetworkV6 && !address.IsIPv6Multicast;

    private static bool IsIPv4(string text) => SectionReader.TryParseAddress(text, out IPAddress? address) && address.GetAddressBytes() is [< 224, _, _, _];

    /// <summary>A name has a letter: 1.2.3 and 300.0.0.1 are no names but addresses with a mistake.</summary>
    private static bool IsName(string text) => text.Length <= LongestName && text.Any(char.IsAsciiLetter)
        && text.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '.' or '_');
}
