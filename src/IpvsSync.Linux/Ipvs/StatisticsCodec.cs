using IpvsSync.Linux.Netlink;

namespace IpvsSync.Linux.Ipvs;

/// <summary>Counters as netlink attributes (spec §7.3, STATS and STATS64).</summary>
internal static class StatisticsCodec
{
    /// <summary>Reads the content of STATS, where all counters except the bytes are 32 bits wide, or of STATS64.</summary>
    internal static IpvsStatistics Read(ref AttributeReader outer)
    {
        AttributeReader attributes = outer.Nested();
        IpvsStatistics statistics = default;
        while (attributes.Next())
            statistics = With(statistics, ref attributes);
        outer.Join(attributes);
        return statistics;
    }

    private static IpvsStatistics With(IpvsStatistics statistics, ref AttributeReader attribute) => attribute.Type switch
    {
        LinuxIpVs.IPVS_STATS_ATTR_CONNS => statistics with { Connections = Counter(ref attribute) },
        LinuxIpVs.IPVS_STATS_ATTR_INPKTS => statistics with { IncomingPackets = Counter(ref attribute) },
        LinuxIpVs.IPVS_STATS_ATTR_OUTPKTS => statistics with { OutgoingPackets = Counter(ref attribute) },
        LinuxIpVs.IPVS_STATS_ATTR_INBYTES => statistics with { IncomingBytes = Counter(ref attribute) },
        LinuxIpVs.IPVS_STATS_ATTR_OUTBYTES => statistics with { OutgoingBytes = Counter(ref attribute) },
        LinuxIpVs.IPVS_STATS_ATTR_CPS => statistics with { ConnectionRate = Counter(ref attribute) },
        LinuxIpVs.IPVS_STATS_ATTR_INPPS => statistics with { IncomingPacketRate = Counter(ref attribute) },
        LinuxIpVs.IPVS_STATS_ATTR_OUTPPS => statistics with { OutgoingPacketRate = Counter(ref attribute) },
        LinuxIpVs.IPVS_STATS_ATTR_INBPS => statistics with { IncomingByteRate = Counter(ref attribute) },
        LinuxIpVs.IPVS_STATS_ATTR_OUTBPS => statistics with { OutgoingByteRate = Counter(ref attribute) },
        _ => statistics,
    };

    private static ulong Counter(ref AttributeReader attribute) =>
        attribute.Value.Length >= sizeof(ulong) ? attribute.U64() : attribute.U32();
}
