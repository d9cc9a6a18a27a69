using Microsoft.Extensions.Logging;

namespace IpvsSync.Daemon.Control;

/// <summary>
/// Logs requests that were refused for want of rights, at most one line in <see cref="s_interval"/>; the next line says how many there were.
/// Any thread may call it.
/// </summary>
internal sealed class RefusalLog(TimeProvider time, ILogger log)
{
    private static readonly TimeSpan s_interval = TimeSpan.FromMinutes(1);

    private readonly Lock _turn = new();
    private long _loggedAt;
    private int _unlogged;

    /// <summary>Notes a refusal.</summary>
    public void Note(ControlPeer peer, string? verb)
    {
        lock (_turn)
        {
            if (_loggedAt != 0 && time.GetElapsedTime(_loggedAt) < s_interval)
            {
                _unlogged++;
                return;
            }

            log.ChangeRefused(verb ?? "", peer.User, peer.Process, _unlogged);
            (_loggedAt, _unlogged) = (time.GetTimestamp(), 0);
        }
    }
}
