namespace IpvsSync.Daemon.Commands.Decode.Packets;

/// <summary>The destination ports of sync messages: each first port and the 63 ports after it, one per thread (spec §2.8).</summary>
internal sealed class PortFilter(IReadOnlyList<ushort> firstPorts)
{
    private const int MaxThreads = 64;

    /// <summary>The kernel's first port (spec §0.4).</summary>
    public const ushort DefaultFirstPort = 8848;

    /// <summary>Whether datagrams to this port are decoded.</summary>
    public bool Matches(ushort port)
    {
        foreach (ushort first in firstPorts)
        {
            if (port >= first && port < first + MaxThreads) return true;
        }

        return false;
    }

    /// <summary>The lane of a port: how far it is from the first port of its range; the nearest one counts.</summary>
    public int LaneOf(ushort port) => port - firstPorts.Where(first => port >= first && port < first + MaxThreads).DefaultIfEmpty(port).Max();

    /// <summary>The text: <c>8848-8911</c>.</summary>
    public override string ToString() =>
        string.Join(", ", firstPorts.Select(first => $"{first}-{Math.Min(first + MaxThreads - 1, ushort.MaxValue)}"));
}
