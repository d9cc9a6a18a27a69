using IpvsSync.Daemon.Peers;
using IpvsSync.Linux;
using IpvsSync.Linux.Datagrams;
using IpvsSync.Protocol.Wire.Peering;

namespace IpvsSync.Daemon.Sending;

/// <summary>
/// Tells peers that learn everything on one lane: a run for this director's own connections, and one for those that it remembers of others. The
/// lane's receiver brings what the peers say, its sender tells; one lock.
/// </summary>
/// <param name="options">The lane.</param>
/// <param name="teller">Tells the records.</param>
/// <param name="windows">Who is there.</param>
/// <param name="learner">Whether this director is complete itself.</param>
internal sealed class LaneTeacher(LaneExtensionsOptions options, IRecordTeller teller, LaneWindows windows, Learner learner) : ISpeaker
{
    private readonly Lock _lock = new();
    private readonly List<TeachingRun> _runs = [];
    private volatile bool _isIdle = true;
    private uint _turn;

    /// <summary>Whether an instance is that of a run of ours. Any thread, as all but the last two.</summary>
    public bool Tells(uint instance)
    {
        if (_isIdle)
            return false;
        lock (_lock)
        {
            foreach (TeachingRun run in _runs)
            {
                if (run.Instance == instance)
                    return true;
            }

            return false;
        }
    }

    /// <summary>A peer asks for everything.</summary>
    /// <param name="peer">The peer.</param>
    /// <param name="source">Its address.</param>
    /// <param name="number">The number that it gives the run.</param>
    /// <param name="isRemembered">Whether it asks for what is remembered of others.</param>
    /// <param name="window">Messages that may be under way to it.</param>
    /// <param name="nowMs">The time on the lane's clock.</param>
    public void Ask(uint peer, in SourceAddress source, uint number, bool isRemembered, int window, long nowMs)
    {
        lock (_lock)
        {
            EndBefore(peer, number);
            if (Find(peer, number) is { } asked)
            {
                if (!asked.HasBegun)
                    (asked.WantsBegin, asked.HeardMs) = (true, nowMs);
                return;
            }

            RecallRule rule = RuleFor(isRemembered, source, nowMs);
            TeachingRun? run = _runs.Find(known => known.Rule.TellsAs(rule)) ?? (_runs.Count < FlowConstants.MaxRuns ? Begin(rule) : null);
            if (run is not null && run.Learners.Count < FlowConstants.MaxLearners && !run.Learners.Exists(known => known.Instance == peer))
                run.Learners.Add(new RunLearner(peer, number, Math.Clamp(window, 1, FlowConstants.CreditWindow), nowMs));
        }
    }

    /// <summary>A peer says how far it is.</summary>
    /// <param name="peer">The peer.</param>
    /// <param name="number">The number that it has given the run.</param>
    /// <param name="highest">The highest number that it has seen.</param>
    /// <param name="isDone">Whether it has all.</param>
    /// <param name="nowMs">The time on the lane's clock.</param>
    public void Credit(uint peer, uint number, ulong highest, bool isDone, long nowMs)
    {
        lock (_lock)
        {
            if (Find(peer, number) is not { } found)
                return;
            (found.HasBegun, found.HeardMs, found.IsDone) = (true, nowMs, found.IsDone || isDone);
            found.NoteCredit(highest, nowMs);
        }
    }

    /// <summary>A peer misses numbers of a run.</summary>
    /// <returns>False if there is no such run.</returns>
    public bool TryAddRequest(uint instance, NumberRange range)
    {
        lock (_lock)
            return _runs.Find(run => run.Instance == instance)?.Requests.TryAdd(range) == true;
    }

    /// <inheritdoc/>
    public long DueMs()
    {
        if (_isIdle)
            return long.MaxValue;
        lock (_lock)
        {
            long dueMs = long.MaxValue;
            foreach (TeachingRun run in _runs)
                dueMs = Math.Min(dueMs, run.DueMs());
            return dueMs;
        }
    }

    /// <inheritdoc/>
    public int Speak(LaneQueue queue, Span<DatagramBuffer> messages, long nowMs)
    {
        if (_isIdle)
            return 0;
        bool isPartial = !learner.IsComplete;
        lock (_lock)
        {
            foreach (TeachingRun run in _runs)
                run.Count(nowMs);
            _runs.RemoveAll(run => run.Learners.Count == 0);
            _isIdle = _runs.Count == 0;
            // There may be more runs than messages: each is the first in turn.
            _turn++;
            int count = 0;
            for (int index = 0; index < _runs.Count && messages.Length - count >= TeachingRun.MostSpoken; index++)
                count += _runs[(int)((_turn + (uint)index) % (uint)_runs.Count)].Speak(queue, messages[count..], isPartial, nowMs);
            return count;
        }
    }

    private RunLearner? Find(uint peer, uint number)
    {
        foreach (TeachingRun run in _runs)
        {
            foreach (RunLearner known in run.Learners)
            {
                if (known.Instance == peer && known.Run == number)
                    return known;
            }
        }

        return null;
    }

    /// <summary>Whoever asks for a further run is done with those before.</summary>
    private void EndBefore(uint peer, uint number)
    {
        foreach (TeachingRun run in _runs)
        {
            foreach (RunLearner known in run.Learners)
                known.IsDone |= known.Instance == peer && known.Run < number;
            run.Learners.RemoveAll(known => known.IsDone);
        }
    }

    private RecallRule RuleFor(bool isRemembered, in SourceAddress source, long nowMs)
    {
        bool[] live = new bool[FlowConstants.MaxPeers + 1];
        windows.MarkLive(live, but: source, nowMs - FlowConstants.RememberAfterMs);
        return new RecallRule(options.Lane, options.Lanes, isRemembered, live);
    }

    private TeachingRun Begin(RecallRule rule)
    {
        var run = new TeachingRun(options, rule, teller, Instances.New());
        _runs.Add(run);
        _isIdle = false;
        return run;
    }
}
