using System.Buffers.Text;

namespace IpvsSync.Linux.Ipvs;

/// <summary>
/// One line of <c>/proc/net/ip_vs_conn</c> or <c>ip_vs_conn_sync</c>, field by field (spec §8.1, §8.2):
/// <code>
/// TCP C0000202 DE96 CB00710A 0015 0A00000B 0015 ESTABLISHED     899
/// UDP C6336400 0000 CB00710A 13C4 0A00000B 13C4 NONE            359 sip a84b4c76e66710
/// TCP C6336407 4E21 CB00710A 0050 0A00000B 1F90 ESTABLISHED SYNC       899
/// </code>
/// </summary>
/// <param name="line">The line without its end.</param>
/// <param name="states">Returns the string for a state's name.</param>
internal ref struct ConnectionLine(ReadOnlySpan<byte> line, StateNames states)
{
    private const int IPv4Digits = 8;
    private const int IPv6Groups = 8;
    private const int GroupDigits = 4;
    private const int IPv6Length = (IPv6Groups * (GroupDigits + 1)) - 1;

    private ReadOnlySpan<byte> _rest = line;

    /// <summary>The persistence engine's name; empty if there is none.</summary>
    public ReadOnlySpan<byte> Engine { get; private set; }

    /// <summary>The engine's key, which may contain blanks.</summary>
    public ReadOnlySpan<byte> EngineData { get; private set; }

    /// <summary>Reads all fields.</summary>
    /// <returns>False if a field is malformed.</returns>
    public bool TryRead(bool hasOrigin, out IpvsConnection connection)
    {
        connection = default;
        if (!TryProtocol(out byte protocol)
            || !TryEndpoint(out IpvsAddress client, out ushort clientPort)
            || !TryEndpoint(out IpvsAddress service, out ushort servicePort)
            || !TryEndpoint(out IpvsAddress real, out ushort realPort)
            || states.Find(Field()) is not { } state
            || !TryOrigin(hasOrigin, out IpvsOrigin origin)
            || !TryExpires(out uint expires)
            || !TryEngine(hasOrigin))
        {
            return false;
        }

        connection = new IpvsConnection
        {
            Protocol = protocol,
            Client = client,
            ClientPort = clientPort,
            Virtual = service,
            VirtualPort = servicePort,
            Real = real,
            RealPort = realPort,
            State = state,
            ExpiresSeconds = expires,
            Origin = origin,
        };
        return client.IsIPv6 == service.IsIPv6;
    }

    /// <summary>Returns the next field, which ends at a blank; empty if there is none.</summary>
    private ReadOnlySpan<byte> Field()
    {
        _rest = _rest.TrimStart((byte)' ');
        int end = _rest.IndexOf((byte)' ');
        ReadOnlySpan<byte> field = end < 0 ? _rest : _rest[..end];
        _rest = _rest[field.Length..];
        return field;
    }

    private bool TryProtocol(out byte protocol)
    {
        ReadOnlySpan<byte> name = Field();
        int known = name switch
        {
            [(byte)'T', (byte)'C', (byte)'P'] => 6,
            [(byte)'U', (byte)'D', (byte)'P'] => 17,
            [(byte)'I', (byte)'P'] => 0,
            _ when name.SequenceEqual("SCTP"u8) => 132,
            _ when name.SequenceEqual("ICMP"u8) => 1,
            _ when name.SequenceEqual("ICMPv6"u8) => 58,
            _ => -1,
        };
        protocol = (byte)Math.Max(known, 0);
        return known >= 0 || (name.StartsWith("IP_"u8) && Utf8Parser.TryParse(name[3..], out protocol, out int length) && length == name.Length - 3);
    }

    private bool TryEndpoint(out IpvsAddress address, out ushort port)
    {
        port = 0;
        return TryAddress(Field(), out address) && TryHex(Field(), GroupDigits, out port);
    }

    private static bool TryAddress(ReadOnlySpan<byte> text, out IpvsAddress address)
    {
        address = default;
        if (text.Length != IPv6Length)
        {
            bool isNumber = Utf8Parser.TryParse(text, out uint number, out int length, 'x') && length == text.Length;
            address = new IpvsAddress(number, IsIPv6: false);
            return isNumber && length == IPv4Digits;
        }

        UInt128 all = 0;
        for (int at = 0; at < IPv6Length; at += GroupDigits + 1)
        {
            if (!TryHex(text.Slice(at, GroupDigits), GroupDigits, out ushort group) || (at > 0 && text[at - 1] != ':'))
                return false;
            all = (all << 16) | group;
        }

        address = new IpvsAddress(all, IsIPv6: true);
        return true;
    }

    private static bool TryHex(ReadOnlySpan<byte> text, int digits, out ushort number)
        => Utf8Parser.TryParse(text, out number, out int length, 'x') && length == digits && text.Length == digits;

    private bool TryOrigin(bool hasOrigin, out IpvsOrigin origin)
    {
        origin = IpvsOrigin.Unknown;
        if (!hasOrigin)
            return true;
        ReadOnlySpan<byte> name = Field();
        if (name.SequenceEqual("LOCAL"u8))
            origin = IpvsOrigin.Local;
        else if (name.SequenceEqual("SYNC"u8))
            origin = IpvsOrigin.Synced;
        return origin != IpvsOrigin.Unknown;
    }

    /// <summary>Kernels up to 4.18 print an enormous number for a connection that is overdue, so the value is capped.</summary>
    private bool TryExpires(out uint seconds)
    {
        ReadOnlySpan<byte> text = Field();
        bool isNumber = Utf8Parser.TryParse(text, out ulong number, out int length) && length == text.Length;
        seconds = (uint)Math.Min(number, uint.MaxValue);
        return isNumber;
    }

    private bool TryEngine(bool hasOrigin)
    {
        if (_rest.IsEmpty)
            return true;
        Engine = Field();
        EngineData = _rest.IsEmpty ? default : _rest[1..];
        return !hasOrigin && !EngineData.IsEmpty;
    }
}
