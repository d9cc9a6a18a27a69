namespace IpvsSync.Daemon.Commands.Plan.Senders;

/// <summary>What left for the wire. Live.</summary>
/// <param name="mtu">Bytes of the largest IP packet.</param>
internal sealed class SentCount(int mtu)
{
    private const int IPv4Header = 20;
    private const int UdpHeader = 8;
    private const int FragmentUnit = 8;

    /// <summary>Entries.</summary>
    public long Entries { get; private set; }

    /// <summary>Messages: UDP datagrams.</summary>
    public long Messages { get; private set; }

    /// <summary>IP packets: more than messages where these are larger than the MTU.</summary>
    public long Packets { get; private set; }

    /// <summary>UDP payload.</summary>
    public long Bytes { get; private set; }

    /// <summary>The largest message that leaves in one packet.</summary>
    public static int LargestWhole(int mtu) => mtu - IPv4Header - UdpHeader;

    /// <summary>Counts a message.</summary>
    public void Add(int size, int entries)
    {
        Messages++;
        Entries += entries;
        Bytes += size;
        Packets += PacketsOf(size);
    }

    private int PacketsOf(int size)
    {
        if (size <= LargestWhole(mtu))
            return 1;
        int perFragment = (mtu - IPv4Header) / FragmentUnit * FragmentUnit;
        return (size + UdpHeader + perFragment - 1) / perFragment;
    }
}
