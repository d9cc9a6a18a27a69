using BenchmarkDotNet.Attributes;
using IpvsSync.Daemon.Authentication;
using IpvsSync.Daemon.Counters;
using IpvsSync.Daemon.Peers;
using IpvsSync.Daemon.Receiving;
using IpvsSync.Daemon.Sending;
using IpvsSync.Daemon.Table;
using IpvsSync.Linux.Datagrams;
using IpvsSync.Protocol.Wire;
using IpvsSync.Protocol.Wire.Peering;

namespace IpvsSync.Benchmarks;

/// <summary>
/// What signatures cost a lane, sender and receiver apart: from the trailer to a socket on lo that nobody reads, and from a socket into the table, beside the
/// same with numbered messages that are not signed. All figures are per message: a lone one of one entry, and a full one of 40.
/// </summary>
[MemoryDiagnoser]
[InThisProcess(warmups: 5, runs: 60)]
[MinColumn]
[MedianColumn]
public class SealedLaneBenchmarks : IDisposable
{
    private const int Connections = 100_000;
    private const int Batch = 32;
    private const int HeaderLength = 8;

    private static readonly SecretKey s_secret = new(1, new byte[SecretKey.LeastLength]);

    private readonly StageCounters _counters = new("received");
    private readonly List<IDisposable> _open = [];
    private readonly DatagramBuffer[] _messages = [.. Enumerable.Range(0, Batch).Select(_ => new DatagramBuffer(DatagramBuffer.MaxPayload))];
    private LaneExtensionsOptions? _seals;
    private UdpSender? _sender;
    private FullSocket? _full;
    private Receiver? _receiver;
    private byte[] _header = [];
    private int _length;
    private ulong _number;

    /// <summary>Entries in a message.</summary>
    [Params(1, BenchedLane.PerMessage)]
    public int Entries { get; set; }

    /// <summary>Opens the sender of a director that does not sign.</summary>
    [GlobalSetup(Target = nameof(SendUnsigned))]
    public void OpenSender() => OpenSender(ring: null);

    /// <summary>Opens that of one that signs.</summary>
    [GlobalSetup(Target = nameof(SendSigned))]
    public void OpenSigner() => OpenSender(Ring());

    /// <summary>Opens the receiver of a director that does not look at signatures.</summary>
    [GlobalSetup(Target = nameof(ReceiveUnsigned))]
    public void OpenReceiver() => OpenReceiver(ring: null);

    /// <summary>Opens that of one that requires them.</summary>
    [GlobalSetup(Target = nameof(ReceiveSigned))]
    public void OpenStrictReceiver() => OpenReceiver(Ring());

    /// <summary>Fills the socket of a receiver.</summary>
    [IterationSetup]
    public void Fill() => _full?.Fill();

    /// <summary>Writes trailers, and sends.</summary>
    [Benchmark(OperationsPerInvoke = FullSocket.Messages)]
    public void SendUnsigned() => Send();

    /// <summary>Writes signed trailers, and sends.</summary>
    [Benchmark(OperationsPerInvoke = FullSocket.Messages)]
    public void SendSigned() => Send();

    /// <summary>Receives, notes the numbers, applies the entries.</summary>
    [Benchmark(OperationsPerInvoke = FullSocket.Messages)]
    public void ReceiveUnsigned() => Receive();

    /// <summary>The same, once the signature is checked.</summary>
    [Benchmark(OperationsPerInvoke = FullSocket.Messages)]
    public void ReceiveSigned() => Receive();

    /// <summary>Closes the sockets.</summary>
    [GlobalCleanup]
    public void Dispose()
    {
        GC.SuppressFinalize(this);
        _full?.Dispose();
        foreach (IDisposable open in _open)
            open.Dispose();
        _open.Clear();
    }

    private static KeyRing Ring() => new([s_secret], s_secret.Id, isRequired: true);

    private static LaneExtensionsOptions Options(uint instance, KeyRing? ring) => new(
        instance, SyncId: 5, BenchedLane.MessageSize, Lane: 0, Lanes: 1, SentHistory.CapacityFor(lanes: 1), Authentication: new LaneAuthentication(new KeyStore { Ring = ring }, lane: 0));

    private void OpenSender(KeyRing? ring)
    {
        MulticastEndpoint group = LoopbackGroup.Next();
        _open.Add(MulticastReceiver.Open(group));
        _open.Add(_sender = MulticastSender.Open(group, loopback: true));
        _seals = Options(instance: 1, ring);
        foreach (DatagramBuffer message in _messages)
        {
            var writer = MessageWriter.Start(message.Space, SyncVersion.V1, syncId: 5);
            for (int entry = 0; entry < Entries; entry++)
                writer.TryWrite(Sample.Entry(entry));
            _length = writer.Length;
            _header = message.Space[..HeaderLength].ToArray();
        }
    }

    private void OpenReceiver(KeyRing? ring)
    {
        _seals = Options(instance: 1, ring);
        _full = new FullSocket(Connections, Entries, message => _seals.Seal(message, message.Length, instance: 1, ++_number));
        var table = new ConnectionTable(TimeProvider.System);
        for (int i = 0; i < Connections; i++)
            table.Apply(Sample.Entry(i), Origin.Peer);
        var learner = new Learner(new LearnerOptions(Lanes: 1, AloneAfterMs: 0, TimeLimitMs: 0));
        var extensions = new LaneExtensions(Options(instance: 2, ring), table, new PeerOwners(sums: null), learner, table.NowMs);
        extensions.Windows.Vouch(new Trailer(1, 0, s_secret.Id, TrailerType.Signed), highest: 0, hasDropped: false, default, table.NowMs);
        _receiver = new Receiver(
            _full.Receiver, new ReaderOptions { SyncId = 5 }, Origin.Peer, table, _counters, peers: new LanePeers(new PeerRegistry(1), 0), inbox: new LaneInbox(extensions, takesEntries: true));
    }

    private void Send()
    {
        for (int done = 0; done < FullSocket.Messages; done += Batch)
        {
            foreach (DatagramBuffer message in _messages)
            {
                // The trailer of the last round has changed the size.
                _header.CopyTo(message.Space);
                if (_seals!.Seal(message, _length, instance: 1, ++_number).Length == _length)
                    throw new InvalidOperationException("The message has no trailer.");
            }

            _sender!.Send(_messages);
        }
    }

    private void Receive()
    {
        for (long end = _counters.Messages + FullSocket.Messages; _counters.Messages < end;)
            _receiver!.Step();
        if (_receiver!.NewConnections > 0 || _counters.Entries != _counters.Messages * Entries)
            throw new InvalidOperationException("Every entry is meant to be applied.");
    }
}
