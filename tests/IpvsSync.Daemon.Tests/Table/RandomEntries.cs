using IpvsSync.Protocol;

namespace IpvsSync.Daemon.Tests.Table;

/// <summary>Entries of all kinds, of so few keys that they meet again.</summary>
/// <param name="random">Chooses.</param>
/// <param name="keys">How many client ports there are; half as many addresses, two families, and templates multiply them.</param>
internal sealed class RandomEntries(Random random, int keys)
{
    private static readonly uint[] _timeouts = [0, 1, 2, 10, 59, 255, 256, 257, 900, 100_000, uint.MaxValue];

    public ConnectionEntry Next()
    {
        bool isIPv6 = random.Next(4) == 0;
        bool hasSequence = random.Next(8) == 0;
        return new ConnectionEntry
        {
            Key = Key(isIPv6),
            Real = isIPv6 ? Wide(random.Next(2)) : Address.FromIPv4(0x0A00000Bu + (uint)random.Next(2)),
            RealPort = (ushort)(8080 + random.Next(2)),
            State = (ushort)random.Next(1, 12),
            Flags = (ConnectionFlags)(((uint)random.Next(3) * 0x10001000u) | ((uint)random.Next(2) * (uint)ConnectionFlags.IP_VS_CONN_F_NO_CPORT)),
            Fwmark = random.Next(2) == 0 ? 0 : uint.MaxValue,
            Timeout = _timeouts[random.Next(_timeouts.Length)],
            HasSequence = hasSequence,
            Sequence = hasSequence ? new SequenceData(1, 2, 3, 4, 5, (uint)random.Next(2)) : default,
        };
    }

    private ConnectionKey Key(bool isIPv6) => new()
    {
        Family = isIPv6 ? IpFamily.IPv6 : IpFamily.IPv4,
        Protocol = random.Next(2) == 0 ? IpProtocol.Tcp : IpProtocol.Udp,
        IsTemplate = random.Next(8) == 0,
        Client = isIPv6 ? Wide(random.Next(1 + (keys / 2))) : Address.FromIPv4(0xFFFFFFFFu - (uint)random.Next(1 + (keys / 2))),
        ClientPort = (ushort)random.Next(keys),
        Virtual = isIPv6 ? Wide(random.Next(2)) : Address.FromIPv4(0xCB00710A),
        VirtualPort = (ushort)(random.Next(3) == 0 ? 80 : 5001),
    };

    // Two that differ in the upper half only have their packed part in common.
    private static Address Wide(int number)
    {
        byte[] bytes = new byte[16];
        bytes[0] = 0x20;
        bytes[3] = (byte)number;
        bytes[15] = (byte)(number / 4);
        return Address.FromBytes(bytes);
    }
}
