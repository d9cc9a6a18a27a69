using IpvsSync.Daemon.Destinations;
using IpvsSync.Daemon.Peers;
using IpvsSync.Daemon.Policy;
using IpvsSync.Daemon.Sending;
using IpvsSync.Daemon.Workers;

namespace IpvsSync.Daemon.Table;

/// <summary>
/// Sweeps the shards one after the other, for a limited time at once: however many connections are due, lost or to be visited, the caller has its
/// thread back in a fraction of a second, and the next sweep goes on where this one stopped. For one thread at a time.
/// </summary>
/// <param name="shards">The shards; their number is a power of two.</param>
/// <param name="outlets">The outlets, whose losses are made good.</param>
/// <param name="time">The table's clock.</param>
internal sealed class TableSweeper(TableShard[] shards, TableOutlets outlets, TimeProvider time)
{
    /// <summary>The longest that a sweep may take, but for the shard or the group of records that it is at.</summary>
    public const long MostMs = 200;

    /// <summary>Lost records get at most this part of it, so that the timers run all the same.</summary>
    private const long MostResendingMs = MostMs / 2;

    /// <summary>Shards or groups of lost records between two readings of the clock, which may be a system call.</summary>
    private const int StepsPerClock = 16;

    private const int GroupSize = 32;

    /// <summary>The golden ratio in 32 bits: its multiples spread evenly.</summary>
    private const uint GoldenSection = 0x9E3779B9;

    private readonly Queue<(LostRecords Records, Origin Origin)> _lost = [];
    private RefreshSettings? _sweptWith = outlets.ToPeers?.Settings;
    private SweepRound _tour = SweepRound.None;
    private readonly Lock _askedLock = new();
    private CellSet? _asked;
    private int _rebind;
    private int _toured = shards.Length;
    private uint _sweeps;
    private int _swept;
    private int _next;

    /// <summary>Has the next sweeps look for the real servers of the peers' connections again. Any thread.</summary>
    public void Rebind() => Volatile.Write(ref _rebind, 1);

    /// <summary>Has the next sweeps send this director's own connections of some cells. Any thread.</summary>
    public void TellCells(CellSet cells)
    {
        lock (_askedLock)
            (_asked ??= new CellSet()).Add(cells);
    }

    /// <summary>See <see cref="ConnectionTable.Sweep"/>.</summary>
    public int Sweep()
    {
        Begin();
        long begunMs = time.Milliseconds();
        Resend(begunMs);
        return SweepShards(begunMs);
    }

    private void Begin()
    {
        LaneLosses toPeers = outlets.ToPeers?.TakeLosses() ?? LaneLosses.None;
        LaneLosses toKernel = outlets.ToKernel?.TakeLosses() ?? LaneLosses.None;
        _lost.Enqueue((toPeers.Records, Origin.Local));
        _lost.Enqueue((toKernel.Records, Origin.Peer));
        RefreshSettings? settings = outlets.ToPeers?.Settings;
        bool rebinds = Interlocked.Exchange(ref _rebind, 0) != 0;
        LostServers lost = rebinds ? outlets.TakeLost() : LostServers.None;
        bool isChanged = Interlocked.Exchange(ref _sweptWith, settings) != settings;
        CellSet? cells = TakeAsked();
        if (!rebinds && !isChanged && cells is null && !toPeers.HasWindows && !toKernel.HasWindows)
            return;
        // What a tour under way was for is not done yet in the shards that are left: another whole tour does both.
        SweepRound begun = _toured < shards.Length ? _tour : SweepRound.None;
        if (begun.Cells is not null)
            (cells ??= new CellSet()).Add(begun.Cells);
        _tour = new SweepRound(
            begun.ToPeers.Join(toPeers), begun.ToKernel.Join(toKernel), begun.Rebinds || rebinds, begun.Lost.Join(lost), cells, VisitsAll: true);
        _toured = 0;
    }

    private CellSet? TakeAsked()
    {
        lock (_askedLock)
        {
            CellSet? asked = _asked;
            _asked = null;
            return asked;
        }
    }

    /// <summary>Sends again what lost messages carried, record by record.</summary>
    private void Resend(long begunMs)
    {
        long nowMs = begunMs;
        Span<int> ids = stackalloc int[GroupSize];
        for (int turn = 1; _lost.TryPeek(out (LostRecords Records, Origin Origin) lost); turn++)
        {
            if (turn % StepsPerClock == 0 && (nowMs = time.Milliseconds()) - begunMs > MostResendingMs)
                return;
            int count = lost.Records.Read(ids, out long lostMs);
            if (count == 0)
                _lost.Dequeue();
            foreach (int id in ids[..count])
            {
                if (id != 0)
                    shards[RecordId.Shard(id)].Resend(RecordId.Number(id), lost.Origin, lostMs, nowMs);
            }
        }
    }

    private int SweepShards(long begunMs)
    {
        int removed = 0;
        if (_swept == 0)
            _next = Start();
        for (int turn = 0; ; turn++)
        {
            // Records are marked as sent at this time: it must not lag behind that of the lanes.
            long nowMs = time.Milliseconds();
            if (turn > 0 && nowMs - begunMs > MostMs)
                return removed;
            for (int step = 0; step < StepsPerClock; step++)
            {
                removed += SweepNext(nowMs);
                if (_swept != shards.Length)
                    continue;
                _swept = 0;
                return removed;
            }
        }
    }

    private int SweepNext(long nowMs)
    {
        bool tours = _toured < shards.Length;
        int removed = shards[_next].Sweep(tours ? _tour : SweepRound.None, nowMs);
        if (tours)
            _toured++;
        _swept++;
        _next = (_next + 1) & (shards.Length - 1);
        return removed;
    }

    /// <summary>Each turn starts at a different shard, so that no shard is starved when the lanes have little queue space.</summary>
    private int Start() => _toured > 0 && _toured < shards.Length
        ? _next
        : (int)((++_sweeps * GoldenSection) >> (32 - int.Log2(shards.Length)));
}
