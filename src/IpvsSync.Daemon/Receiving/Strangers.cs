using IpvsSync.Daemon.Sending;
using IpvsSync.Linux;
using IpvsSync.Protocol.Wire.Peering;

namespace IpvsSync.Daemon.Receiving;

/// <summary>
/// Peers whose messages are signed right, and that have not answered this director: what they say may be a recording. They are asked; what they have
/// said in the meantime is told again. For the lane's receiver; allocates nothing.
/// </summary>
/// <param name="extensions">The lane's own side.</param>
internal sealed class Strangers(LaneExtensions extensions)
{
    private const int MostDropped = 16;

    private readonly uint[] _dropped = new uint[MostDropped];
    private int _next;
    private long _countedMs = long.MinValue / 2;
    private int _answers;

    /// <summary>Asks an instance that has not answered, or has said nothing new for a while.</summary>
    /// <returns>Whether it has ever answered.</returns>
    public bool Ask(uint instance, long nowMs)
    {
        bool isVouched = extensions.Windows.IsVouched(instance, out long heardMs);
        if ((!isVouched || nowMs - heardMs >= FlowConstants.ProofMs) && extensions.Authentication!.Challenge.Want(instance, nowMs))
            extensions.Prompt();
        return isVouched;
    }

    /// <summary>Notes that something of an instance is dropped.</summary>
    public void NoteDropped(uint instance)
    {
        if (Array.IndexOf(_dropped, instance) < 0)
            _dropped[(uint)_next++ % MostDropped] = instance;
    }

    /// <summary>Notes that an instance has answered.</summary>
    public void NoteAnswer(in Trailer trailer, ulong highest, in SourceAddress source, long nowMs, int link)
    {
        int dropped = Array.IndexOf(_dropped, trailer.Instance);
        extensions.Windows.Vouch(trailer, highest, hasDropped: dropped >= 0, source, nowMs, link);
        if (dropped >= 0)
            _dropped[dropped] = 0;
        extensions.Prompt();
    }

    /// <summary>Whether one that has not answered is answered itself: as many as there may be peers at once, and then one each few milliseconds.</summary>
    public bool MayBeAnswered(long nowMs)
    {
        long passed = (nowMs - _countedMs) / FlowConstants.StrangerMs;
        if (passed > 0)
            (_answers, _countedMs) = ((int)Math.Max(0, _answers - passed), nowMs);
        if (_answers >= FlowConstants.MaxPeers)
            return false;
        _answers++;
        return true;
    }
}
