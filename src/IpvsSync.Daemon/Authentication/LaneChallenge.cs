namespace IpvsSync.Daemon.Authentication;

/// <summary>
/// Asks peers to show that they are there now, and no recording (docs/protocol.md, "Authentication"): HELLO with a nonce, which HELLO_ACK repeats. A
/// nonce is good for less time than an instance is remembered that has fallen silent, so that an answer cannot be played back to have it taken for
/// new. The lane's receiver wants answers, its sender asks; one lock.
/// </summary>
internal sealed class LaneChallenge
{
    /// <summary>Instances that are asked for at a time. Every question goes to all, so that it serves the others, too.</summary>
    private const int MostWanted = 16;

    /// <summary>Questions for an instance that does not answer.</summary>
    private const int MostTries = 4;

    /// <summary>Milliseconds between two questions while nobody who is wanted answers: whoever plays back recordings gets no storm.</summary>
    private static readonly long[] s_gapMs = [10, 20, 40, 80, 160, 320];

    /// <summary>Milliseconds after which somebody new has the short gaps again, however many before it have not answered.</summary>
    private const long AnewMs = 1000;

    private readonly Lock _lock = new();
    private readonly List<(uint Instance, int Tries)> _wanted = new(MostWanted);
    private (ulong Nonce, long MadeMs) _nonce;
    private (ulong Nonce, long MadeMs) _before;
    private long _dueMs = long.MinValue;
    private long _anewMs = long.MinValue / 2;
    private int _unanswered;
    private readonly uint[] _silent = new uint[MostWanted];
    private int _nextSilent;
    private volatile bool _hasWanted;

    /// <summary>When there is a question to ask, on the table's clock.</summary>
    public long DueMs
    {
        get
        {
            if (!_hasWanted)
                return long.MaxValue;
            lock (_lock)
                return _dueMs;
        }
    }

    /// <summary>Has an instance asked; 0 for whoever is there.</summary>
    /// <param name="instance">The instance.</param>
    /// <param name="nowMs">The time on the table's clock.</param>
    /// <returns>Whether that is news to the sender.</returns>
    public bool Want(uint instance, long nowMs)
    {
        lock (_lock)
        {
            if (_wanted.Count == MostWanted || _wanted.Exists(wanted => wanted.Instance == instance))
                return false;
            _wanted.Add((instance, MostTries));
            // Those that were asked in vain before say nothing about somebody new, whose answer may be lost on its way.
            if (nowMs - _anewMs >= AnewMs && Array.IndexOf(_silent, instance) < 0)
                (_anewMs, _unanswered, _dueMs) = (nowMs, 0, Math.Min(_dueMs, nowMs));
            return _hasWanted = true;
        }
    }

    /// <summary>Takes the question that is to be asked now.</summary>
    public bool TryTake(long nowMs, out ulong nonce)
    {
        nonce = 0;
        if (!_hasWanted)
            return false;
        lock (_lock)
        {
            if (_dueMs > nowMs)
                return false;
            for (int index = _wanted.Count - 1; index >= 0; index--)
            {
                _wanted[index] = _wanted[index] with { Tries = _wanted[index].Tries - 1 };
                if (_wanted[index].Tries == 0)
                    GiveUp(index);
            }

            _hasWanted = _wanted.Count > 0;
            _dueMs = nowMs + s_gapMs[Math.Min(_unanswered++, s_gapMs.Length - 1)];
            nonce = NonceAt(nowMs);
            return true;
        }
    }

    /// <summary>The nonce for a question that is asked now for another reason.</summary>
    public ulong Nonce(long nowMs)
    {
        lock (_lock)
            return NonceAt(nowMs);
    }

    /// <summary>Whether an answer is one to a question of ours, and not too old. The instance is not wanted any more.</summary>
    public bool Accepts(uint instance, ulong nonce, long nowMs)
    {
        lock (_lock)
        {
            if (!Is(_nonce, nonce, nowMs) && !Is(_before, nonce, nowMs))
                return false;
            if (Array.IndexOf(_silent, instance) is >= 0 and int index)
                _silent[index] = 0;
            if (_wanted.RemoveAll(wanted => wanted.Instance == instance) > 0)
                (_unanswered, _hasWanted) = (0, _wanted.Count > 0);
            return true;
        }
    }

    /// <summary>Takes no answer to what was asked before: the instances are forgotten.</summary>
    public void Forget()
    {
        lock (_lock)
            (_nonce, _before) = (default, default);
    }

    private void GiveUp(int index)
    {
        if (Array.IndexOf(_silent, _wanted[index].Instance) < 0)
            _silent[(uint)_nextSilent++ % (uint)_silent.Length] = _wanted[index].Instance;
        _wanted.RemoveAt(index);
    }

    private static bool Is((ulong Nonce, long MadeMs) known, ulong nonce, long nowMs)
        => known.Nonce != 0 && known.Nonce == nonce && nowMs - known.MadeMs < FlowConstants.NonceMs;

    private ulong NonceAt(long nowMs)
    {
        if (_nonce.Nonce == 0 || nowMs - _nonce.MadeMs >= FlowConstants.NonceMs / 2)
            (_before, _nonce) = (_nonce, (New(), nowMs));
        return _nonce.Nonce;
    }

    /// <summary>A new GUID takes its bits from the kernel; 122 of the 128 are random, and folding keeps them so.</summary>
    private static ulong New()
    {
        ulong nonce;
        Span<byte> bits = stackalloc byte[16];
        do
        {
            Guid.NewGuid().TryWriteBytes(bits);
            nonce = BitConverter.ToUInt64(bits) ^ BitConverter.ToUInt64(bits[8..]);
        }
        while (nonce == 0);
        return nonce;
    }
}
