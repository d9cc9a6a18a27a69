using System.Net;
using IpvsSync.Daemon.Authentication;
using IpvsSync.Daemon.Counters;
using IpvsSync.Daemon.Peers;
using IpvsSync.Daemon.Policy;
using IpvsSync.Daemon.Receiving;
using IpvsSync.Daemon.Sending;
using IpvsSync.Daemon.Table;
using IpvsSync.Daemon.Tests.Peers;
using IpvsSync.Daemon.Tests.Wires;
using IpvsSync.Daemon.Workers;
using IpvsSync.Linux;
using IpvsSync.Linux.Datagrams;
using IpvsSync.Protocol.Wire.Peering;
using Microsoft.Extensions.Time.Testing;

namespace IpvsSync.Daemon.Tests.Receiving;

/// <summary>Two directors with one lane each, without threads: time and the loss of each datagram are the test's.</summary>
internal sealed class ExtensionBed : IDisposable
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2003, 7, 11, 1, 2, 3, TimeSpan.Zero));

    /// <param name="history">Entries whose records A keeps.</param>
    /// <param name="messageSize">The largest message in bytes, without a trailer.</param>
    /// <param name="keys">The keys of A and of B; null: nothing is signed.</param>
    public ExtensionBed(int history = 1 << 14, int messageSize = 8 + (3 * 36), (KeyRing? A, KeyRing? B) keys = default)
    {
        A = new Side(_time, 0xA, history, messageSize, keys.A);
        B = new Side(_time, 0xB, history, messageSize, keys.B);
        (A.To, B.To) = (B, A);
    }

    public Side A { get; }

    public Side B { get; }

    /// <summary>What B knows of the order of A's messages.</summary>
    public WindowCounts Counts => B.Extensions.Windows.Snapshots.Single().Counts;

    /// <summary>The time in milliseconds on the tables' clock.</summary>
    public long NowMs => _time.Milliseconds();

    /// <summary>Lets both do what is due until nothing is.</summary>
    public void Pump()
    {
        while (A.Step() | B.Step())
            continue;
    }

    /// <summary>Lets time pass, and both do what is due in each millisecond.</summary>
    public void Pass(int milliseconds)
    {
        for (int i = 0; i < milliseconds; i++)
        {
            _time.Advance(TimeSpan.FromMilliseconds(1));
            Pump();
        }
    }

    public void Dispose()
    {
        A.Dispose();
        B.Dispose();
    }

    /// <summary>One of the directors, and its way to the other.</summary>
    internal sealed class Side : IDatagramSender
    {
        private readonly MemoryWire _wire = new(batch: 32);
        private readonly Outlet _outlet;
        private readonly Lanes _lanes;
        private readonly Sender _sender;
        private readonly Receiver _receiver;

        public Side(TimeProvider time, uint instance, int history, int messageSize, KeyRing? keys)
        {
            Authentication = new LaneAuthentication(new KeyStore { Ring = keys }, lane: 0);
            var counters = new StageCounters("sent");
            _outlet = new Outlet(lanes: null, RefreshSettings.For(60, 0), counters);
            Table = new ConnectionTable(time, new TableOutlets(_outlet), sums: new OwnerSums());
            Extensions = new LaneExtensions(
                new LaneExtensionsOptions(instance, SyncId: 5, messageSize, Lane: 0, Lanes: 1, history, Authentication: Authentication), Table, new PeerOwners(Table.Sums), IdleLearner.Make(), time.Milliseconds());
            Queue = new LaneQueue(
                new LaneQueueOptions(IpvsSync.Protocol.Wire.SyncVersion.V1, 5, messageSize, Limit: 4096, FlushIntervalMs: 0, TrailerRoom: 24), counters, time, Extensions);
            _lanes = new Lanes([Queue]);
            _outlet.Open(_lanes, time.Milliseconds());
            Table.Sweep();
            _sender = new Sender(Queue, this, counters);
            Inbox = new LaneInbox(Extensions, takesEntries: true);
            _receiver = new Receiver(_wire, default, Origin.Peer, Table, new StageCounters("received"), inbox: Inbox);
            _wire.Source = SourceAddress.From(IPAddress.Parse(instance == 0xA ? "192.0.2.2" : "192.0.2.1"));
        }

        public ConnectionTable Table { get; }

        public LaneAuthentication Authentication { get; }

        /// <summary>What became of the other's messages.</summary>
        public IReadOnlyList<long> Outcomes => PeerOutcomes.Of([Authentication.Ledger]) is [{ } only] ? only.Counts : new long[8];

        /// <summary>Every datagram that was sent, lost or not.</summary>
        public List<byte[]> SentBytes { get; } = [];

        public LaneExtensions Extensions { get; }

        public LaneQueue Queue { get; }

        public LaneInbox Inbox { get; }

        /// <summary>The other.</summary>
        public Side To { get; set; } = null!;

        /// <summary>Whether a message of this kind is lost on its way; null as a kind stands for entries.</summary>
        public Func<ControlKind?, bool> Loses { get; set; } = _ => false;

        /// <summary>Bytes of the largest datagram that passes.</summary>
        public int LosesLargerThan { get; set; } = int.MaxValue;

        /// <summary>The kinds of what was sent, lost or not; null stands for entries.</summary>
        public List<ControlKind?> Sent { get; } = [];

        /// <summary>The last datagram that was sent.</summary>
        public byte[] LastSent { get; private set; } = [];

        /// <summary>This director's kernel tells of connections of <see cref="Entries"/>, each in a message of its own.</summary>
        public void Open(params IEnumerable<int> numbers)
        {
            foreach (int number in numbers)
            {
                Table.Apply(Entries.Tcp(number), Origin.Local);
                Step();
            }
        }

        /// <summary>Gets to know connections without a word to the other.</summary>
        public void OpenSilently(long nowMs, params IEnumerable<int> numbers)
        {
            _outlet.Close();
            foreach (int number in numbers)
                Table.Apply(Entries.Tcp(number), Origin.Local);
            _outlet.Open(_lanes, nowMs + 1_000_000);
            Table.Sweep();
        }

        /// <summary>A datagram arrives here.</summary>
        public void Put(ReadOnlySpan<byte> datagram) => _wire.Put(datagram);

        public bool Step() => _sender.TryStep() | _receiver.Step();

        public SendOutcome Send(ReadOnlySpan<DatagramBuffer> datagrams)
        {
            foreach (DatagramBuffer datagram in datagrams)
            {
                ControlKind? kind = KindOf(datagram.Content);
                Sent.Add(kind);
                LastSent = datagram.Content.ToArray();
                SentBytes.Add(LastSent);
                if (!Loses(kind) && datagram.Length <= LosesLargerThan)
                    To._wire.Put(datagram.Content);
            }

            return new SendOutcome(datagrams.Length, 0);
        }

        public void Dispose() => _wire.Dispose();

        private static ControlKind? KindOf(ReadOnlySpan<byte> datagram)
            => Trailer.TryFind(datagram, out _, out int start) && ControlReader.TryOpen(datagram, start, out ControlReader reader) ? reader.Kind : null;
    }
}
