using System.Runtime.InteropServices;
using IpvsSync.Linux;

namespace IpvsSync.Daemon.Peers;

/// <summary>How many of an owner's connections a peer holds on one lane, at the last digest that could be compared.</summary>
/// <param name="Instance">The peer.</param>
/// <param name="Source">Where it speaks from.</param>
/// <param name="Own">Connections of the owner.</param>
/// <param name="Held">Those of them that the peer has.</param>
/// <param name="Extra">Connections that the peer has and the owner has not, or no longer.</param>
/// <param name="Differing">Cells that differ.</param>
/// <param name="Limit">The most connections that the peer's kernel takes (<c>conn_max</c>); 0 if it has no limit, or did not say.</param>
/// <param name="AtMs">When that was, on the table's clock.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct HeldReport(uint Instance, SourceAddress Source, long Own, long Held, long Extra, long Differing, long Limit, long AtMs)
{
    /// <summary>The share of the owner's connections that the peer has, 0 to 1; 1 if there are none.</summary>
    public double Share => Own == 0 ? 1 : (double)Held / Own;

    /// <summary>What each peer holds on all lanes together. Of several instances at one address, the one that has reported last.</summary>
    public static IReadOnlyList<HeldReport> Of(IEnumerable<HeldReport> lanes)
        => [.. lanes.GroupBy(report => report.Source).Select(Latest).OrderBy(report => report.Source.IsIPv6).ThenBy(report => report.Source.Number)];

    private static HeldReport Latest(IGrouping<SourceAddress, HeldReport> reports)
    {
        uint latest = reports.MaxBy(report => report.AtMs).Instance;
        return reports.Where(report => report.Instance == latest).Aggregate((sum, report) => sum with
        {
            Own = sum.Own + report.Own,
            Held = sum.Held + report.Held,
            Extra = sum.Extra + report.Extra,
            Differing = sum.Differing + report.Differing,
            Limit = Math.Max(sum.Limit, report.Limit),
            AtMs = Math.Max(sum.AtMs, report.AtMs),
        });
    }
}
