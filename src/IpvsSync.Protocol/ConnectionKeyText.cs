using System.Globalization;

namespace IpvsSync.Protocol;

/// <summary>Formats a key as log lines and the decoder print it.</summary>
internal static class ConnectionKeyText
{
    internal static string Format(in ConnectionKey key)
    {
        string service = key.IsTemplate && key.Protocol == IpProtocol.Ip ? Mark(key) : Endpoint(key.Family, key.Virtual, key.VirtualPort);
        string kind = key.IsTemplate ? " (template)" : "";
        return $"{IpProtocol.Name(key.Protocol)} {Endpoint(key.Family, key.Client, key.ClientPort)} -> {service}{kind}";
    }

    private static string Endpoint(IpFamily family, Address address, ushort port) => family == IpFamily.IPv6
        ? string.Create(CultureInfo.InvariantCulture, $"[{address.ToString(family)}]:{port}")
        : string.Create(CultureInfo.InvariantCulture, $"{address.ToString(IpFamily.IPv4)}:{port}");

    // The mark is the first 32 bits on the wire: the low 32 bits of an IPv4 number (spec §2.2).
    private static string Mark(in ConnectionKey key)
    {
        uint mark = key.Family == IpFamily.IPv6 ? (uint)(key.Virtual.High >> 32) : (uint)key.Virtual.Low;
        return string.Create(CultureInfo.InvariantCulture, $"fwmark {mark}");
    }
}
