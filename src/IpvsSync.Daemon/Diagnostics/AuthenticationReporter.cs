using System.Globalization;
using IpvsSync.Daemon.Authentication;
using Microsoft.Extensions.Logging;

namespace IpvsSync.Daemon.Diagnostics;

/// <summary>
/// Logs what is refused by its signature: a line for a peer as soon as there is something, and then at most one a minute. For one thread.
/// </summary>
/// <param name="log">The log.</param>
internal sealed class AuthenticationReporter(ILogger log)
{
    /// <summary>Milliseconds between two lines of a peer.</summary>
    public const long IntervalMs = 60_000;

    /// <summary>Peers that have a line of their own in an interval; others are only counted.</summary>
    public const int MostPeers = 10;

    /// <summary>Milliseconds within which a peer that has started anew answers. One that does not is a recording.</summary>
    private const long AnswerMs = 3000;

    private readonly Dictionary<string, Known> _known = [];
    private KeyRing? _ring;
    private long _intervalMs = long.MinValue / 2;
    private int _told;
    private int _untold;

    /// <summary>Looks at all peers. About once a second.</summary>
    /// <param name="peers">What became of their messages.</param>
    /// <param name="ring">The keys that hold; null while nothing is signed.</param>
    /// <param name="nowMs">The time on the table's clock.</param>
    public void Check(IReadOnlyList<PeerOutcomes> peers, KeyRing? ring, long nowMs)
    {
        TellKeys(ring);
        if (nowMs - _intervalMs >= IntervalMs)
            EndInterval(nowMs);
        foreach (string gone in _known.Keys.Except(peers.Select(peer => peer.Name)).ToArray())
            _known.Remove(gone);
        foreach (PeerOutcomes peer in ring is null ? [] : peers)
            Check(peer, ring!, nowMs);
    }

    private void Check(PeerOutcomes peer, KeyRing ring, long nowMs)
    {
        if (!_known.TryGetValue(peer.Name, out Known? known))
            _known[peer.Name] = known = new Known { StrangerSinceMs = nowMs };
        if (!ring.IsRequired)
            known.Believe(peer);
        NoteStranger(peer, known, nowMs);
        bool hasUnsigned = peer[AuthenticationOutcome.Unsigned] > known.Before(AuthenticationOutcome.Unsigned);
        if (ring.IsRequired && !known.IsSaidNotToSign && hasUnsigned && !peer.IsSigningAt(nowMs))
        {
            known.IsSaidNotToSign = true;
            log.PeerDoesNotSign(peer.Name, peer.IsKernelAt(nowMs) ? "it is a kernel's daemon, or has Extensions off" : "its Authentication:Mode is Off, or it is an older ipvs-syncd");
        }

        if (nowMs - known.ToldMs < IntervalMs)
            return;
        string refused = string.Join(", ", AuthenticationText.Outcomes.Where(outcome => IsRefused(peer, outcome, ring, known, nowMs)).Select(outcome => Text(peer, outcome, known)));
        if (refused.Length > 0)
            Tell(peer, refused, ring, known, nowMs);
    }

    private void Tell(PeerOutcomes peer, string refused, KeyRing ring, Known known, long nowMs)
    {
        known.ToldMs = nowMs;
        known.Take(peer, AuthenticationText.Outcomes);
        if (_told++ < MostPeers)
            log.MessagesRefused(peer.Name, refused, string.Join(", ", ring.Keys));
        else
            _untold++;
    }

    /// <summary>An outcome of which there is more than before. A peer that has just started is no stranger until it does not answer.</summary>
    private static bool IsRefused(PeerOutcomes peer, AuthenticationOutcome outcome, KeyRing ring, Known known, long nowMs)
        => peer[outcome] > known.Before(outcome) && outcome switch
        {
            AuthenticationOutcome.UnknownKey or AuthenticationOutcome.WrongTag => true,
            AuthenticationOutcome.Unsigned or AuthenticationOutcome.Malformed or AuthenticationOutcome.OldNumber => ring.IsRequired,
            AuthenticationOutcome.UnknownInstance => nowMs - known.StrangerSinceMs >= AnswerMs,
            _ => false,
        };

    private static void NoteStranger(PeerOutcomes peer, Known known, long nowMs)
    {
        long count = peer[AuthenticationOutcome.UnknownInstance];
        if (count == known.Strangers)
            known.StrangerSinceMs = nowMs;
        known.Strangers = count;
    }

    private static string Text(PeerOutcomes peer, AuthenticationOutcome outcome, Known known)
    {
        byte keyId = peer.KeyId(outcome);
        string key = keyId == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $" under key {keyId}");
        return string.Create(CultureInfo.InvariantCulture, $"{peer[outcome] - known.Before(outcome)} {AuthenticationText.Of(outcome)}{key}");
    }

    private void TellKeys(KeyRing? ring)
    {
        if (ring == _ring)
            return;
        if (ring is null)
            log.NotSigning();
        else
            log.Signing(ring.Active, string.Join(", ", ring.Keys), ring.IsRequired ? "Require" : "Sign");
        _ring = ring;
    }

    private void EndInterval(long nowMs)
    {
        if (_untold > 0)
            log.MorePeersRefused(_untold);
        (_intervalMs, _told, _untold) = (nowMs, 0, 0);
    }

    /// <summary>What was said of a peer.</summary>
    private sealed class Known
    {
        private static readonly AuthenticationOutcome[] s_believed =
            [AuthenticationOutcome.Unsigned, AuthenticationOutcome.Malformed, AuthenticationOutcome.OldNumber];

        private readonly long[] _counts = new long[AuthenticationText.Outcomes.Count];

        public long ToldMs { get; set; } = long.MinValue / 2;

        public long Strangers { get; set; }

        public long StrangerSinceMs { get; set; }

        public bool IsSaidNotToSign { get; set; }

        public long Before(AuthenticationOutcome outcome) => _counts[(int)outcome];

        public void Take(PeerOutcomes peer, IEnumerable<AuthenticationOutcome> outcomes)
        {
            foreach (AuthenticationOutcome outcome in outcomes)
                _counts[(int)outcome] = peer[outcome];
        }

        /// <summary>What is believed now is not refused later, when signatures are required.</summary>
        public void Believe(PeerOutcomes peer)
        {
            IsSaidNotToSign = false;
            Take(peer, s_believed);
        }
    }
}
