namespace IpvsSync.Daemon.Sending;

/// <summary>
/// When a lane says its highest number: 20, 100 and 500 ms after the last numbered message, so that the loss of the last one is soon noticed; then
/// each second, so that the peer knows that we are there. Milliseconds on the lane's clock. For the lane's sender.
/// </summary>
/// <param name="nowMs">The time; the first beat is due at once.</param>
internal sealed class BeatSchedule(long nowMs)
{
    private const long EachMs = 1000;

    private static readonly long[] s_afterMs = [20, 100, 500];

    private long _lastMs = nowMs;
    private int _beats = s_afterMs.Length;

    /// <summary>When the next beat is due.</summary>
    public long DueMs { get; private set; } = nowMs;

    /// <summary>Notes that a numbered message leaves.</summary>
    public void NoteMessage(long nowMs)
    {
        (_lastMs, _beats) = (nowMs, 0);
        DueMs = nowMs + s_afterMs[0];
    }

    /// <summary>Notes that a beat leaves.</summary>
    public void NoteBeat(long nowMs)
    {
        _beats = Math.Min(_beats + 1, s_afterMs.Length);
        DueMs = _beats < s_afterMs.Length ? _lastMs + s_afterMs[_beats] : nowMs + EachMs;
    }
}
