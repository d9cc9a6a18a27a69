using IpvsSync.Daemon.Tests.Sending;
using IpvsSync.Daemon.Counters;
using IpvsSync.Daemon.Diagnostics;
using IpvsSync.Daemon.Receiving;
using IpvsSync.Daemon.Sending;
using IpvsSync.Daemon.Table;
using IpvsSync.Daemon.Tests.Wires;
using IpvsSync.Protocol.Wire;
using Microsoft.Extensions.Time.Testing;

namespace IpvsSync.Daemon.Tests.Diagnostics;

/// <summary>Two lanes: one that has sent, another that has received.</summary>
public sealed class LaneRatesTests : IDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly StageCounters _counters = new("any");
    private readonly MemoryWire[] _wires = [new(batch: 32), new(batch: 32)];

    public void Dispose() => Array.ForEach(_wires, wire => wire.Dispose());

    [Fact]
    public void Sample_OneLaneSendsAnotherReceives_EachHasItsOwnRate()
    {
        LaneQueue[] queues = [Queue(), Queue()];
        Sender[] senders = [new(queues[0], _wires[0], _counters), new(queues[1], _wires[1], _counters)];
        var table = new ConnectionTable(_time);
        // The second receiver hears what the first sender says.
        Receiver[] receivers = [Hear(_wires[1], table), Hear(_wires[0], table)];
        IReadOnlyList<Receiver> heard = receivers;
        var rates = new LaneRates(2, () => senders, () => heard, _time);

        for (int number = 0; number < 6; number++)
            queues[0].Append(Entries.Tcp(number));
        senders[0].Step();
        receivers[1].Step();
        _time.Advance(TimeSpan.FromSeconds(2));
        rates.Sample();
        Assert.Equal([(3, 0), (0, 3)], rates.Latest);

        heard = [];
        _time.Advance(TimeSpan.FromSeconds(1));
        rates.Sample();
        Assert.Equal([(0, 0), (0, 0)], rates.Latest);
    }

    private LaneQueue Queue() => new(new LaneQueueOptions(SyncVersion.V1, 0, 1472, 8, 0), _counters, _time);

    private Receiver Hear(MemoryWire wire, ConnectionTable table) => new(wire, default, Origin.Peer, table, _counters);
}
