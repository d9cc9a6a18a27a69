using System.Net;
using IpvsSync.Daemon.Counters;
using IpvsSync.Daemon.Kernel;
using IpvsSync.Daemon.Policy;
using IpvsSync.Daemon.Receiving;
using IpvsSync.Daemon.Table;
using IpvsSync.Daemon.Tests.Wires;
using IpvsSync.Protocol;
using IpvsSync.Protocol.Wire;
using Microsoft.Extensions.Time.Testing;

namespace IpvsSync.Daemon.Tests.Receiving;

/// <summary>
/// A flood of everything that was forged by hand, in random mixtures: distinct keys, endless timeouts, missing client ports, dead templates and
/// the pusher's addresses. Whatever comes, the bounds hold.
/// </summary>
public sealed class ForgedFloodTests : IDisposable
{
    private const int Limit = 2000;
    private const int Messages = 3000;
    private const int EntriesEach = 20;

    private static readonly uint[] s_timeouts = [0, 1, 900, 86_400, 86_401, 2_678_401, int.MaxValue, uint.MaxValue];
    private static readonly ushort[] s_ports = [0, 20, 80, 5001, 65535];
    private static readonly Address[] s_addresses = [.. new[] { "192.0.2.1", "192.0.2.2", "192.0.2.3", "198.51.100.7", "203.0.113.10", "10.0.0.11" }
        .Select(text => Address.From(IPAddress.Parse(text)))];

    private readonly MemoryWire _wire = new();
    private readonly StageCounters _counters = new("received");
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2003, 7, 11, 1, 2, 3, TimeSpan.Zero));
    private readonly PushAddresses _push = new(IPAddress.Parse("192.0.2.1"));
    private readonly ConnectionTable _table;

    public ForgedFloodTests() => _table = new ConnectionTable(_time) { Limit = Limit };

    public void Dispose() => _wire.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Receive_RandomMixture_BoundsHoldAndOwnConnectionsFindRoom(int seed)
    {
        var random = new Random(seed);
        var receiver = new Receiver(_wire, default, Origin.Peer, _table, _counters, isHidden: _push.Concern);
        for (int message = 0; message < Messages; message++)
        {
            _wire.Put(Message(random));
            receiver.Step();
            if (message % 500 == 0)
                Check();
        }

        Check();
        Assert.True(_counters.Shortened > 0);
        Assert.All((TableRefusal[])[TableRefusal.Full, TableRefusal.DeadTemplate, TableRefusal.PusherAddress, TableRefusal.AnyClientPort], reason => Assert.True(_counters.Refused(reason) > 0));
        Assert.All(Enumerable.Range(0, Limit / TableRoom.OwnShare), number =>
            Assert.Equal(ApplyOutcome.Created, _table.Apply(Entries.Tcp(number) with { Real = s_addresses[5] }, Origin.Local)));
        // All of it ends.
        _time.Advance(TimeSpan.FromSeconds(_table.LongestTimeout + 1));
        for (int sweep = 0; sweep < 60 && _table.Count > 0; sweep++)
            _table.Sweep();
        Assert.Equal(0, _table.Count);
    }

    private void Check()
    {
        Assert.InRange(_table.Peers, 0, TableRoom.PeersOf(Limit));
        Assert.All(_table.ToList(), record =>
        {
            Assert.InRange(record.Entry.Timeout, 0u, _table.LongestTimeout);
            Assert.False(DeadTemplate.Is(record.Entry), "a dead template");
            Assert.False(_push.Concern(record.Entry), "the pusher's address");
            Assert.True(record.Entry.Key.ClientPort != 0 || record.Entry.Key.IsTemplate || UpdateRule.MayLackClientPort(record.Entry.Key), "no client port");
        });
    }

    private static byte[] Message(Random random)
    {
        byte[] buffer = new byte[1472];
        var writer = MessageWriter.Start(buffer, SyncVersion.V1, 0);
        for (int entry = 0; entry < EntriesEach; entry++)
            writer.TryWrite(Forge(random));
        return buffer[..writer.Length];
    }

    private static ConnectionEntry Forge(Random random)
    {
        bool isTemplate = random.Next(8) == 0;
        ushort clientPort = random.Next(8) == 0 ? (ushort)0 : (ushort)random.Next(1, 65536);
        ConnectionFlags flags = isTemplate ? ConnectionFlags.IP_VS_CONN_F_TEMPLATE : clientPort == 0 && random.Next(2) == 0 ? ConnectionFlags.IP_VS_CONN_F_NO_CPORT : 0;
        return new ConnectionEntry
        {
            Key = new ConnectionKey
            {
                Family = IpFamily.IPv4,
                Protocol = random.Next(2) == 0 ? IpProtocol.Tcp : IpProtocol.Udp,
                IsTemplate = isTemplate,
                Client = random.Next(16) == 0 ? Any(random) : Address.FromIPv4((uint)random.Next()),
                ClientPort = isTemplate ? (ushort)0 : clientPort,
                Virtual = random.Next(16) == 0 ? Any(random) : s_addresses[4],
                VirtualPort = s_ports[random.Next(1, s_ports.Length)],
            },
            Real = random.Next(16) == 0 ? Any(random) : s_addresses[5],
            RealPort = s_ports[random.Next(s_ports.Length)],
            State = (ushort)(isTemplate ? 0 : 1),
            Flags = flags,
            Timeout = s_timeouts[random.Next(s_timeouts.Length)],
        };
    }

    private static Address Any(Random random) => s_addresses[random.Next(s_addresses.Length)];
}
