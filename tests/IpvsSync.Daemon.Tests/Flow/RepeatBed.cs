using IpvsSync.Daemon.Counters;
using IpvsSync.Daemon.Policy;
using IpvsSync.Daemon.Sending;
using IpvsSync.Daemon.Table;
using IpvsSync.Linux.Datagrams;
using IpvsSync.Protocol;
using IpvsSync.Protocol.Wire;
using Microsoft.Extensions.Time.Testing;

namespace IpvsSync.Daemon.Tests.Flow;

/// <summary>A table with one lane to the peers, on the test's clock.</summary>
internal sealed class RepeatBed
{
    private readonly StageCounters _counters = new("sent");
    private readonly DatagramBuffer[] _taken = new DatagramBuffer[64];

    public RepeatBed(int limit = int.MaxValue / 2)
    {
        Queue = new LaneQueue(new LaneQueueOptions(SyncVersion.V1, 0, 1472, limit, FlushIntervalMs: 0), _counters, Time);
        Outlet = new Outlet(new Lanes([Queue]), RefreshSettings.For(60, 0), _counters);
        Table = new ConnectionTable(Time, new TableOutlets(Outlet));
    }

    public FakeTimeProvider Time { get; } = new(new DateTimeOffset(2003, 7, 11, 1, 2, 3, 789, TimeSpan.Zero));

    public LaneQueue Queue { get; }

    public Outlet Outlet { get; }

    public ConnectionTable Table { get; }

    public static ConnectionEntry Template(int number)
    {
        ConnectionEntry tcp = Entries.Tcp(number);
        return tcp with { Key = tcp.Key with { ClientPort = 0, Client = Address.FromIPv4(0xC6336400u + (uint)number), IsTemplate = true } };
    }

    public static ConnectionEntry Udp(int number)
    {
        ConnectionEntry tcp = Entries.Tcp(number, state: 0, timeout: 300);
        return tcp with { Key = tcp.Key with { Protocol = IpProtocol.Udp } };
    }

    /// <summary>Lets time pass and takes what has become due.</summary>
    public List<ConnectionEntry> Take(int afterMs = 0)
    {
        Time.Advance(TimeSpan.FromMilliseconds(afterMs));
        List<ConnectionEntry> entries = [];
        for (int count; (count = Queue.TakeDue(_taken, out _)) > 0; Queue.Return(_taken.AsSpan(0, count)))
        {
            foreach (DatagramBuffer message in _taken.AsSpan(0, count))
                entries.AddRange(Messages.Read(message.Content));
        }

        return entries;
    }

    /// <summary>The kernel tells of connections and the messages leave.</summary>
    public void Carry(params IEnumerable<ConnectionEntry> entries)
    {
        foreach (ConnectionEntry entry in entries)
            Table.Apply(entry, Origin.Local);
        Take(FlowConstants.DeferredMs);
    }
}
