using IpvsSync.Linux;

namespace IpvsSync.Daemon.Sending;

/// <summary>A peer on one link that answers probes. Its owner's lock guards it.</summary>
/// <param name="instance">The peer.</param>
/// <param name="link">The number of the link.</param>
/// <param name="sizes">Sizes that are probed, the small one included.</param>
internal sealed class ProbedPeer(uint instance, int link, int sizes)
{
    /// <summary>Answers that are missing in a row before a size counts as not heard: at 20 % loss each way, one time in 500 by chance.</summary>
    private const int MostMisses = 6;

    private readonly int[] _misses = new int[sizes];

    /// <summary>The peer.</summary>
    public uint Instance => instance;

    /// <summary>The number of the link.</summary>
    public int Link => link;

    /// <summary>Its address there.</summary>
    public SourceAddress Source { get; set; }

    /// <summary>When it answered last, on the table's clock.</summary>
    public long HeardMs { get; set; }

    /// <summary>Whether it is there. What was found out about one that is not says nothing of the present.</summary>
    public bool IsHere(long nowMs) => nowMs - HeardMs < 2 * FlowConstants.PeerSilentMs;

    /// <summary>The mean time until it answers, in milliseconds; 0 before the first answer.</summary>
    public double RoundTripMs { get; private set; }

    /// <summary>Whether an answer to the largest size that it is thought to hear is missing.</summary>
    /// <param name="known">How many sizes there are.</param>
    public bool IsDoubtful(int known) => _misses[Largest(known)] is > 0 and < MostMisses;

    private bool IsDecided => _misses[1] >= MostMisses;

    /// <summary>
    /// Notes that a probe leaves: until its answer comes, that is missing. While small ones are not answered either, nothing is learnt of larger ones: the
    /// link is down, or the peer is.
    /// </summary>
    public void NoteAsked(int size)
    {
        if (size == 0 || _misses[0] <= 1)
            _misses[size] = Math.Min(_misses[size] + 1, MostMisses);
    }

    /// <summary>Notes an answer.</summary>
    public void NoteAnswer(int size, double milliseconds)
    {
        _misses[size] = 0;
        if (size == 0)
            RoundTripMs = RoundTripMs == 0 ? milliseconds : RoundTripMs + ((milliseconds - RoundTripMs) / 8);
    }

    /// <summary>The place of the largest size that it hears: 1, the full one, if nothing speaks against that. The last place, if it hears small ones alone.</summary>
    /// <param name="known">How many sizes there are.</param>
    public int Largest(int known)
    {
        if (!IsDecided)
            return 1;
        for (int size = 2; size < known; size++)
        {
            if (_misses[size] < MostMisses)
                return size;
        }

        return known - 1;
    }
}
