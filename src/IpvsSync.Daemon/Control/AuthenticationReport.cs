using IpvsSync.Daemon.Authentication;
using IpvsSync.Daemon.Flow;

namespace IpvsSync.Daemon.Control;

/// <summary>The part of the answer to <c>status</c> about signatures.</summary>
internal static class AuthenticationReport
{
    private static readonly AuthenticationOutcome[] s_named = [AuthenticationOutcome.Good, AuthenticationOutcome.WrongTag, AuthenticationOutcome.UnknownKey, AuthenticationOutcome.UnknownInstance];

    /// <summary>What there is; null while nothing is signed.</summary>
    /// <param name="extensions">What the director says and hears; null if nothing.</param>
    /// <param name="nowMs">The time on the table's clock.</param>
    public static StatusAuthentication? Of(DirectorExtensions? extensions, long nowMs) => extensions?.Keys.Ring is not { } ring
        ? null
        : new StatusAuthentication(
            ring.IsRequired ? "Require" : "Sign",
            ring.Active,
            [.. ring.Keys.Select(key => new StatusKey(key.Id, key.Fingerprint))],
            [.. extensions.Outcomes.Select(peer => Of(peer, ring, nowMs))]);

    private static StatusSignatures Of(PeerOutcomes peer, KeyRing ring, long nowMs)
    {
        AuthenticationOutcome named = s_named.FirstOrDefault(outcome => peer.KeyId(outcome) != 0);
        byte keyId = peer.KeyId(named);
        return new StatusSignatures(
            peer.Name,
            peer.IsKernelAt(nowMs) ? "kernel" : keyId == 0 || peer.SignsNoMore ? "no" : "yes",
            keyId == 0 ? null : keyId,
            ring.Fingerprint(keyId),
            AuthenticationText.Outcomes.ToDictionary(AuthenticationText.Of, outcome => peer[outcome]));
    }
}
