using IpvsSync.Daemon.Policy;
using IpvsSync.Protocol;

namespace IpvsSync.Daemon.Sending;

/// <summary>What the lanes lost since the last look: records that are known, and windows of time by lane; see <see cref="LossLog"/>.</summary>
internal sealed class LaneLosses
{
    /// <summary>Nothing was lost.</summary>
    public static readonly LaneLosses None = new([LossWindow.None], LostRecords.None);

    private readonly LossWindow[] _windows;

    /// <summary>One window a lane, and the records of all lanes.</summary>
    public LaneLosses(LossWindow[] windows, LostRecords records)
    {
        _windows = windows;
        Records = records;
        HasWindows = Array.Exists(windows, window => !window.IsNone);
    }

    /// <summary>The records of lost messages.</summary>
    public LostRecords Records { get; }

    /// <summary>Whether a record can only be found by its time: every record is to be visited.</summary>
    public bool HasWindows { get; }

    /// <summary>The windows of this and another, and no records.</summary>
    public LaneLosses Join(LaneLosses other)
    {
        if (!HasWindows)
            return new LaneLosses(other._windows, LostRecords.None);
        return other.HasWindows ? new LaneLosses([.. _windows.Zip(other._windows, (one, two) => one.Join(two))], LostRecords.None) : this;
    }

    /// <summary>Whether the last message about this connection may be among those that only a window of time finds.</summary>
    public bool MayInclude(in ConnectionKey key, in SentState state)
        => HasWindows && state.IsSent && _windows[Lanes.LaneOf(key, _windows.Length)].Contains(state.SentMs);
}
