using IpvsSync.Daemon.Counters;
using IpvsSync.Daemon.Kernel;
using IpvsSync.Daemon.Options;
using IpvsSync.Daemon.Receiving;
using IpvsSync.Daemon.Table;
using IpvsSync.Daemon.Workers;
using IpvsSync.Linux.Bpf;
using IpvsSync.Protocol;
using IpvsSync.Protocol.Wire;
using Microsoft.Extensions.Logging;

namespace IpvsSync.Daemon.Flow;

/// <summary>
/// The ring as the first source of this director's connections, and the kernel's master behind it as the truth: what the ring has told is not
/// taken from the master again, which may be late with an older state; what it has missed is.
/// </summary>
internal sealed class RingFeed : IDisposable
{
    /// <summary>How long a record of the master waits for the ring's reader.</summary>
    private static readonly TimeSpan s_longestWait = TimeSpan.FromSeconds(1);

    private readonly IFeedRing _ring;
    private readonly RingReceiver _source;
    private readonly FeedLedger _ledger;
    private readonly PushAddresses _pushes;
    private readonly TimeProvider _time;
    private long _troubles;
    private long _dropped;
    private long _giveUpUntilMs = long.MinValue / 2;

    /// <summary>Reads a ring, which is closed with this.</summary>
    public RingFeed(IFeedRing ring, SyncOptions options, ConnectionTable table, StageCounters counters, TimeProvider time)
    {
        var reader = new ReaderOptions { SyncId = (byte)options.Kernel.SyncId };
        _ring = ring;
        _time = time;
        _pushes = new PushAddresses(options.Kernel.PushAddress);
        _ledger = new FeedLedger(time);
        _source = new RingReceiver(ring, (byte)options.Kernel.SyncId, KernelTicks.PerSecond());
        Receiver = new Receiver(_source, reader, Origin.Local, table, counters, RingReceiver.MessageSize, Note);
    }

    /// <summary>Reads the ring on a thread of its own.</summary>
    public Receiver Receiver { get; }

    /// <summary>What became of the records. Any thread.</summary>
    public FeedSnapshot Snapshot(bool isPushed)
        => new(IsBpf: true, isPushed, Receiver.Entries, _ledger.Confirmed, _ledger.Missed, Volatile.Read(ref _dropped));

    /// <summary>Whether the ring has told what a record of the kernel's master tells. Any thread that receives from the master.</summary>
    public bool Knows(in ConnectionKey key)
    {
        // Once it has waited in vain, it only looks for a while.
        bool waits = _time.Milliseconds() > Volatile.Read(ref _giveUpUntilMs);
        bool isSettled = _source.Settle(waits ? s_longestWait : TimeSpan.Zero);
        if (waits && !isSettled)
            Volatile.Write(ref _giveUpUntilMs, _time.Milliseconds() + (long)s_longestWait.TotalMilliseconds);
        return _ledger.Confirm(key, isSettled);
    }

    /// <summary>Looks whether the ring has missed anything since the last look. One thread.</summary>
    /// <param name="log">Says so.</param>
    /// <returns>True if it has: the master's records are needed soon.</returns>
    public bool HasMissed(ILogger log)
    {
        Volatile.Write(ref _dropped, _ring.Dropped);
        _ledger.JudgeClaims();
        long troubles = _ledger.Missed + _dropped;
        if (troubles == _troubles)
            return false;
        log.FeedMissed(_ledger.Missed, _dropped);
        _troubles = troubles;
        return true;
    }

    /// <summary>Ends the reader; what is in the ring is still handled.</summary>
    public void Stop() => _source.Shutdown();

    /// <inheritdoc/>
    public void Dispose() => _source.Dispose();

    /// <summary>Notes each record for the master's copy, but leaves out what the pusher makes.</summary>
    private bool Note(in ConnectionEntry entry)
    {
        if (_pushes.Own(entry.KeyInPlace))
            return true;
        _ledger.Note(entry.KeyInPlace);
        return false;
    }
}
