using System.Net;
using FsCheck.Xunit;

namespace IpvsSync.Protocol.Tests;

public sealed class ConnectionKeyTests
{
    private const ulong StableHashOfTcp = 0xCA487EC5BDD32B71;
    private const ulong StableHashOfIPv6 = 0x69F6BE1BBBFAEAB8;

    private static readonly ConnectionKey _key = Sample.Tcp(40001).Key;

    private static ConnectionKey[] Neighbours =>
    [
        _key with { Family = IpFamily.IPv6 },
        _key with { Protocol = IpProtocol.Udp },
        _key with { IsTemplate = true },
        _key with { Client = Address.FromIPv4(1) },
        _key with { ClientPort = 1 },
        _key with { Virtual = Address.FromIPv4(1) },
        _key with { VirtualPort = 1 },
        _key with { Client = Address.FromBytes([1, .. new byte[11], 198, 51, 100, 7]) },
        _key with { ClientPort = 80, VirtualPort = 40001 },
        _key with { Client = _key.Virtual, Virtual = _key.Client },
    ];

    [Fact]
    public void Equals_OnePartDiffers_IsFalse()
    {
        Assert.Equal(_key, Sample.Tcp(40001).Key);
        Assert.Equal(_key.GetHashCode(), Sample.Tcp(40001).Key.GetHashCode());
        Assert.All(Neighbours, other => Assert.True(_key != other));
        Assert.Equal(Neighbours.Length, Neighbours.Select(other => other.StableHash()).Append(_key.StableHash()).Distinct().Count() - 1);
    }

    [Fact]
    public void With_OnePart_LeavesTheOthers()
    {
        foreach (ConnectionKey other in Neighbours)
        {
            ConnectionKey restored = other with
            {
                Family = IpFamily.IPv4, Protocol = IpProtocol.Tcp, IsTemplate = false, Client = _key.Client,
                ClientPort = 40001, Virtual = _key.Virtual, VirtualPort = 80,
            };
            Assert.Equal(_key, restored);
        }
    }

    [Property(MaxTest = 2_000, QuietOnSuccess = true)]
    public void Properties_AnyValues_ComeBack(byte family, byte protocol, bool isTemplate, ushort clientPort, ushort virtualPort)
    {
        var key = new ConnectionKey
        {
            VirtualPort = virtualPort, ClientPort = clientPort, IsTemplate = isTemplate, Protocol = protocol, Family = (IpFamily)family,
        };

        Assert.Equal(
            ((IpFamily)family, protocol, isTemplate, clientPort, virtualPort),
            (key.Family, key.Protocol, key.IsTemplate, key.ClientPort, key.VirtualPort));
    }

    // Two directors must agree on it, whatever versions they run: these numbers must never change.
    [Fact]
    public void StableHash_KnownKeys_NeverChanges()
    {
        Assert.Equal(StableHashOfTcp, _key.StableHash());
        Assert.Equal(StableHashOfIPv6, Sample.IPv6(40001).Key.StableHash());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(26)]
    [InlineData(58)]
    public void StableHash_ConsecutivePortsAndClients_SpreadEvenly(int shift)
    {
        int[] lanes = new int[64];
        for (uint client = 0; client < 64; client++)
        {
            for (ushort port = 1024; port < 2024; port++)
            {
                ConnectionKey key = _key with { Client = Address.FromIPv4(0x0A000000 + client), ClientPort = port };
                lanes[(key.StableHash() >> shift) & 63]++;
            }
        }

        Assert.All(lanes, count => Assert.InRange(count, 850, 1150));
    }

    [Fact]
    public void StableHash_OneBitFlipped_FlipsHalfOfTheHash()
    {
        ulong hash = _key.StableHash();
        int flipped = 0;
        for (int bit = 0; bit < 32; bit++)
            flipped += int.PopCount((int)(hash ^ (_key with { Client = Address.FromIPv4(0xC6336407 ^ (1u << bit)) }).StableHash()));

        Assert.InRange(flipped, 32 * 13, 32 * 19);
    }

    [Fact]
    public void ToString_EachKind_ReadsWell()
    {
        Assert.Equal("TCP 198.51.100.7:40001 -> 203.0.113.10:80", _key.ToString());
        Assert.Equal(
            "UDP 198.51.100.0:0 -> 203.0.113.10:53 (template)", Sample.Template(17, "198.51.100.0", "203.0.113.10", 53).Key.ToString());
        Assert.Equal("IP 198.51.101.0:0 -> fwmark 7 (template)", Sample.Template(0, "198.51.101.0", "0.0.0.7", 0).Key.ToString());
        Assert.Equal("TCP [2001:db8::1:2]:9 -> [2001:db8::1:2]:80", Sample.IPv6(9).Key.ToString());
        Assert.Equal("IP_99 198.51.100.7:40001 -> 203.0.113.10:80", Sample.Of(99, 0).Key.ToString());
    }

    [Fact]
    public void ToString_IPv6MarkTemplate_TakesTheFirst32Bits()
    {
        var key = new ConnectionKey { Family = IpFamily.IPv6, IsTemplate = true, Virtual = Address.From(IPAddress.Parse("0:7::")) };

        Assert.EndsWith("fwmark 7 (template)", key.ToString());
    }
}
