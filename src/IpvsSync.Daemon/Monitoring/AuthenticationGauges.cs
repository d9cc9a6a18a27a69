using System.Diagnostics.Metrics;
using IpvsSync.Daemon.Authentication;
using IpvsSync.Daemon.Flow;

namespace IpvsSync.Daemon.Monitoring;

/// <summary>Measures what becomes of signed messages. Any thread may read; there are no values of peers while nothing is signed.</summary>
/// <param name="director">The director.</param>
/// <param name="meter">Gets the instruments.</param>
internal sealed class AuthenticationGauges(Director director, Meter meter)
{
    /// <summary>Creates the instruments. Call it once.</summary>
    public void Register()
    {
        meter.CreateObservableGauge("ipvs_sync.authentication_mode", Mode, unit: null, "Authentication:Mode: 0 Off, 1 Sign, 2 Require.");
        meter.CreateObservableCounter("ipvs_sync.peer_signatures", Signatures, "{message}", "Messages of a peer, by what became of their signatures.");
    }

    private long Mode() => director.Extensions?.Keys.Ring is { } ring ? ring.IsRequired ? 2 : 1 : 0;

    private IEnumerable<Measurement<long>> Signatures() => director.IsReady && director.Extensions is { Keys.Ring: not null } extensions
        ? extensions.Outcomes.SelectMany(peer => AuthenticationText.Outcomes.Select(outcome => new Measurement<long>(
            peer[outcome], new KeyValuePair<string, object?>("peer", peer.Name), new KeyValuePair<string, object?>("outcome", AuthenticationText.Label(outcome)))))
        : [];
}
