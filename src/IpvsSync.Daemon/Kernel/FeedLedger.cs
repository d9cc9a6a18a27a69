using IpvsSync.Daemon.Workers;
using IpvsSync.Protocol;

namespace IpvsSync.Daemon.Kernel;

/// <summary>
/// What the ring has told and the kernel's master has not confirmed yet. The kernel tells each connection in both ways, in the same order, so
/// of one connection the ring's records are counted up and the master's down: a record of the master for which nothing is left is one that the
/// ring has missed. What the records say is not compared, because on several processors a connection may change between the two.
/// </summary>
/// <remarks>
/// Any thread. The size is fixed: 65,536 connections in 1 MB. A record that the master loses would leave its count behind, so counts
/// are forgotten after <see cref="LifeMs"/>. Where a bucket is too small, the oldest count goes; for a while nothing counts as missed then.
/// While the reader of the ring is behind, what the master tells may still come: it is claimed, and counts as missed if it has not come by then.
/// </remarks>
internal sealed class FeedLedger(TimeProvider time)
{
    /// <summary>The longest time by which the master is late: 2-3 s (spec §5.6), and some for a queue.</summary>
    internal const int LifeMs = 10_000;

    /// <summary>128 bytes.</summary>
    private const int BucketSize = 8;
    private const int Buckets = 1 << 13;
    private const int Stripes = 64;

    private readonly Slot[] _slots = new Slot[Buckets * BucketSize];
    private readonly Dictionary<ulong, Slot> _claims = [];
    private readonly Lock[] _locks = [.. Enumerable.Range(0, Stripes).Select(_ => new Lock())];
    private long _confirmed;
    private long _missed;
    private long _overflowMs = long.MinValue / 2;
    private volatile bool _hasClaims;

    /// <summary>Records of the master that the ring had told before.</summary>
    public long Confirmed => Volatile.Read(ref _confirmed);

    /// <summary>Records of the master that the ring had not told.</summary>
    public long Missed => Volatile.Read(ref _missed);

    /// <summary>The ring has told of a connection.</summary>
    public void Note(in ConnectionKey key)
    {
        ulong hash = key.StableHash();
        lock (LockOf(hash))
        {
            if (_hasClaims && TakeClaim(hash))
            {
                Interlocked.Increment(ref _confirmed);
                return;
            }

            // Under the lock, so that no count of the bucket is of later.
            uint now = Now;
            Span<Slot> bucket = BucketOf(hash);
            ref Slot slot = ref Find(bucket, hash, now);
            if (slot.Hash != hash || slot.Count == 0 || IsOver(slot, now))
            {
                if (slot.Count > 0 && !IsOver(slot, now))
                    Volatile.Write(ref _overflowMs, time.Milliseconds());
                slot = new Slot { Hash = hash };
            }

            slot.Count++;
            slot.AtMs = now;
        }
    }

    /// <summary>The master has told of a connection.</summary>
    /// <param name="key">The connection.</param>
    /// <param name="isSettled">Whether all that the ring had before was noted; if not, it may come still.</param>
    /// <returns>True if the ring has told it, and there is nothing to do.</returns>
    public bool Confirm(in ConnectionKey key, bool isSettled = true)
    {
        ulong hash = key.StableHash();
        lock (LockOf(hash))
        {
            // Under the lock, so that no count of the bucket is of later.
            uint now = Now;
            ref Slot slot = ref Find(BucketOf(hash), hash, now);
            if (slot.Hash == hash && slot.Count > 0 && !IsOver(slot, now))
            {
                slot.Count--;
                Interlocked.Increment(ref _confirmed);
                return true;
            }

            if (time.Milliseconds() - Volatile.Read(ref _overflowMs) <= LifeMs)
                return false;
            if (isSettled)
                Interlocked.Increment(ref _missed);
            else
                Claim(hash, now);
            return false;
        }
    }

    /// <summary>Counts as missed what was claimed and has not come.</summary>
    public void JudgeClaims()
    {
        if (!_hasClaims)
            return;
        lock (_claims)
        {
            uint now = Now;
            foreach ((ulong hash, Slot claim) in _claims)
            {
                if (!IsOver(claim, now))
                    continue;
                Interlocked.Add(ref _missed, claim.Count);
                _claims.Remove(hash);
            }

            _hasClaims = _claims.Count > 0;
        }
    }

    private void Claim(ulong hash, uint now)
    {
        lock (_claims)
        {
            int count = _claims.TryGetValue(hash, out Slot before) ? before.Count : 0;
            _claims[hash] = new Slot { Hash = hash, Count = count + 1, AtMs = now };
            _hasClaims = true;
        }
    }

    private bool TakeClaim(ulong hash)
    {
        lock (_claims)
        {
            if (!_claims.TryGetValue(hash, out Slot claim))
                return false;
            claim.Count--;
            if (claim.Count > 0)
                _claims[hash] = claim;
            else
                _claims.Remove(hash);
            _hasClaims = _claims.Count > 0;
            return true;
        }
    }

    private uint Now => (uint)time.Milliseconds();

    private Lock LockOf(ulong hash) => _locks[(int)(hash % Stripes)];

    /// <summary>Of one bucket all connections have the same lock.</summary>
    private Span<Slot> BucketOf(ulong hash) => _slots.AsSpan((int)(hash % Buckets) * BucketSize, BucketSize);

    /// <summary>The connection's place; without one a free place, or the one that was used longest ago.</summary>
    private static ref Slot Find(Span<Slot> bucket, ulong hash, uint now)
    {
        int best = 0;
        for (int i = 0; i < BucketSize; i++)
        {
            ref Slot slot = ref bucket[i];
            if (slot.Hash == hash && slot.Count > 0)
                return ref slot;
            if (slot.Count == 0 || IsOver(slot, now) || (bucket[best].Count > 0 && !IsOver(bucket[best], now) && now - slot.AtMs > now - bucket[best].AtMs))
                best = i;
        }

        return ref bucket[best];
    }

    /// <summary>The difference is right whenever the clock's lower half begins anew; a count that old is none.</summary>
    private static bool IsOver(in Slot slot, uint now) => now - slot.AtMs > LifeMs;

    private struct Slot
    {
        internal ulong Hash;
        internal int Count;
        internal uint AtMs;
    }
}
