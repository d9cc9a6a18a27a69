using System.Net;
using IpvsSync.Daemon.Counters;
using IpvsSync.Daemon.Destinations;
using IpvsSync.Daemon.Kernel;
using IpvsSync.Daemon.Policy;
using IpvsSync.Daemon.Receiving;
using IpvsSync.Daemon.Table;
using IpvsSync.Daemon.Tests.Wires;
using IpvsSync.Linux.Ipvs;
using IpvsSync.Protocol;
using IpvsSync.Protocol.Wire;
using Microsoft.Extensions.Time.Testing;
using static IpvsSync.Protocol.ConnectionFlags;

namespace IpvsSync.Daemon.Tests.Receiving;

/// <summary>What no kernel sends, but anybody on the sync network can: it is cut or refused, and counted.</summary>
public sealed class ForgedEntryTests : IDisposable
{
    private const int Day = 86_400;

    private readonly MemoryWire _wire = new();
    private readonly StageCounters _counters = new("received");
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2003, 7, 11, 1, 2, 3, 789, TimeSpan.Zero));
    private readonly DestinationCache _destinations = new();
    private readonly ConnectionTable _table;

    public ForgedEntryTests() => _table = new ConnectionTable(_time, new TableOutlets(destinations: _destinations));

    public void Dispose() => _wire.Dispose();

    [Fact]
    public void Timeout_AsLongAsItGets_EndsAfterADayAndIsCounted()
    {
        Configure(KernelTimeouts.Default, persistence: 0);
        Receive(Entries.Tcp(1, timeout: uint.MaxValue), Entries.Tcp(2, timeout: Day), Entries.Tcp(3, timeout: Day + 1), Entries.Tcp(4));

        Assert.Equal(2, _counters.Shortened);
        Assert.Equal<uint>([900, Day, Day, Day], _table.ToList().Select(record => record.Entry.Timeout).Order());
        _time.Advance(TimeSpan.FromSeconds(Day));
        Assert.Equal(4, _table.Sweep());
    }

    [Theory]
    [InlineData(80)]
    [InlineData(65535)]
    public void Template_RealServerGone_IsLeftOutAndItsSuccessorStays(ushort virtualPort)
    {
        ConnectionEntry successor = Entries.Tcp(1) with
        {
            Key = Entries.Tcp(1).Key with { ClientPort = 0, IsTemplate = true },
            Flags = IP_VS_CONN_F_TEMPLATE,
            State = 0,
            RealPort = 80,
        };
        ConnectionEntry dead = successor with { Key = successor.Key with { VirtualPort = virtualPort }, RealPort = 65535 };
        Receive(dead, successor, dead);

        Assert.Equal(2, _counters.Refused(TableRefusal.DeadTemplate));
        Assert.Equal(80, Assert.Single(_table.ToList()).Entry.RealPort);
        // A connection may use that port.
        Receive(Entries.Tcp(2) with { RealPort = 65535 });
        Assert.Equal(2, _table.Count);
    }

    [Theory]
    [InlineData(200_000, 0, 400_000)]
    [InlineData(900, 300_000, 600_000)]
    [InlineData(900, 360, Day)]
    [InlineData(uint.MaxValue, 0, uint.MaxValue)]
    public void Timeout_LongOnesConfiguredHere_MayBeTwiceAsLong(uint tcp, uint persistence, uint bound)
    {
        Configure(new KernelTimeouts { Tcp = tcp }, persistence);
        Assert.Equal(bound, _table.LongestTimeout);
    }

    [Fact]
    public void Timeout_ServicesNotKnown_MayBeAMonth()
        => Assert.Equal(31u * Day, new ConnectionTable(_time).LongestTimeout);

    [Theory]
    [InlineData(IpProtocol.Tcp, 80, IP_VS_CONN_F_NO_CPORT)]
    [InlineData(IpProtocol.Tcp, 8443, IP_VS_CONN_F_NO_CPORT)]
    [InlineData(IpProtocol.Tcp, 443, IP_VS_CONN_F_NO_CPORT)]
    [InlineData(IpProtocol.Udp, 5001, IP_VS_CONN_F_NO_CPORT)]
    [InlineData(IpProtocol.Esp, 0, IP_VS_CONN_F_NO_CPORT)]
    public void ClientPort_ZeroThatWouldStandForOthers_IsRefused(byte protocol, ushort port, ConnectionFlags flags)
    {
        Configure(KernelTimeouts.Default, persistence: 0);
        foreach (bool isIPv6 in (bool[])[false, true])
            Receive(Nameless(protocol, port, flags, isIPv6));

        Assert.Equal(2, _counters.Refused(TableRefusal.AnyClientPort));
        Assert.Equal(0, _table.Count);
        // The client's other connections are what they are.
        Receive(Entries.Tcp(1), Entries.Tcp(2));
        Assert.Equal(2, _table.Count);
    }

    [Theory]
    [InlineData(IpProtocol.Tcp, 80)]
    [InlineData(IpProtocol.Udp, 5001)]
    public void ClientPort_ZeroWithoutAFlag_IsRefused(byte protocol, ushort port)
    {
        foreach (bool isIPv6 in (bool[])[false, true])
            Assert.Equal(ApplyOutcome.Refused, _table.Apply(Nameless(protocol, port, 0, isIPv6), Origin.Peer));
        Assert.Equal(0, _table.Count);
    }

    [Theory]
    [InlineData(IpProtocol.Tcp)]
    [InlineData(IpProtocol.Ip)]
    public void ClientPort_ZeroOfATemplate_IsKept(byte protocol)
    {
        ConnectionEntry entry = Nameless(protocol, 0, IP_VS_CONN_F_TEMPLATE, isIPv6: false);
        Receive(entry with { Key = entry.Key with { IsTemplate = true } });
        Assert.Equal(1, _table.Count);
    }

    [Theory]
    [InlineData("192.0.2.2", 40001, "192.0.2.1", 9, "192.0.2.3")]
    [InlineData("198.51.100.7", 40001, "192.0.2.1", 80, "10.0.0.11")]
    [InlineData("192.0.2.2", 40001, "203.0.113.10", 80, "10.0.0.11")]
    [InlineData("198.51.100.7", 40001, "203.0.113.10", 80, "192.0.2.3")]
    public void Address_OfThePusher_IsRefusedFromAPeer(string client, ushort clientPort, string service, ushort port, string real)
    {
        Receive(Entry(client, clientPort, service, port, real), Entries.Tcp(1));

        Assert.Equal(1, _counters.Refused(TableRefusal.PusherAddress));
        Assert.Equal(Entries.Tcp(1).Key, Assert.Single(_table.ToList()).Entry.Key);
    }

    [Theory]
    [InlineData("192.0.2.4", "192.0.2.0")]
    [InlineData("198.51.100.7", "203.0.113.10")]
    public void Address_BesideThePushers_IsTaken(string client, string service)
    {
        Receive(Entry(client, 40001, service, 80, "10.0.0.11"));
        Assert.Equal((1, 0), (_table.Count, _counters.Refused(TableRefusal.PusherAddress)));
    }

    private static ConnectionEntry Entry(string client, ushort clientPort, string service, ushort port, string real) => Entries.Tcp(1) with
    {
        Key = Entries.Tcp(1).Key with
        {
            Client = Address.From(IPAddress.Parse(client)),
            ClientPort = clientPort,
            Virtual = Address.From(IPAddress.Parse(service)),
            VirtualPort = port,
        },
        Real = Address.From(IPAddress.Parse(real)),
    };

    private static ConnectionEntry Nameless(byte protocol, ushort port, ConnectionFlags flags, bool isIPv6)
    {
        ConnectionKey key = Entries.Tcp(1).Key with { Protocol = protocol, ClientPort = 0, VirtualPort = port };
        return Entries.Tcp(1, state: (ushort)(protocol == IpProtocol.Tcp ? 1 : 0)) with
        {
            Key = isIPv6 ? key with { Family = IpFamily.IPv6 } : key,
            Flags = flags,
        };
    }

    private void Configure(KernelTimeouts timeouts, uint persistence)
    {
        var snapshot = new DestinationSnapshot(
            from port in (ushort[])[80, 8443]
            from family in (IpFamily[])[IpFamily.IPv4, IpFamily.IPv6]
            select (new ServiceName(family, 0, IpProtocol.Tcp, Entries.Tcp(1).Key.Virtual, port), (IReadOnlyList<IpvsDestination>)[]),
            persistence);
        _destinations.Update(snapshot, timeouts);
    }

    private void Receive(params ConnectionEntry[] entries)
    {
        byte[] buffer = new byte[1472];
        var writer = MessageWriter.Start(buffer, SyncVersion.V1, 0);
        foreach (ConnectionEntry entry in entries)
            Assert.Equal(Refusal.None, writer.TryWrite(entry));
        _wire.Put(buffer.AsSpan(0, writer.Length).ToArray());
        EntryFilter isPusher = new PushAddresses(IPAddress.Parse("192.0.2.1")).Concern;
        new Receiver(_wire, default, Origin.Peer, _table, _counters, isHidden: isPusher).Step();
    }
}
