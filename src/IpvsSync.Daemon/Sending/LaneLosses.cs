using IpvsSync.Daemon.Policy;
using IpvsSync.Protocol;

namespace IpvsSync.Daemon.Sending;

/// <summary>What the lanes lost lately, by lane; see <see cref="LossWindow"/>.</summary>
internal sealed class LaneLosses
{
    /// <summary>Nothing was lost.</summary>
    public static readonly LaneLosses None = new([LossWindow.None]);

    private readonly LossWindow[] _windows;

    /// <summary>One window a lane.</summary>
    public LaneLosses(LossWindow[] windows)
    {
        _windows = windows;
        IsNone = Array.TrueForAll(windows, window => window.IsNone);
    }

    /// <summary>Whether nothing was lost.</summary>
    public bool IsNone { get; }

    /// <summary>Whether what the backups were told last of this connection may be among the lost.</summary>
    public bool MayInclude(in ConnectionKey key, in SentState memory)
        => !IsNone && memory.IsSent && _windows[Lanes.LaneOf(key, _windows.Length)].Contains(memory.SentMs);
}
