namespace IpvsSync.Daemon.Commands.Plan.Senders;

/// <summary>Counts what was sent to the network. Live.</summary>
/// <param name="mtu">The largest IP packet in bytes.</param>
internal sealed class SentCount(int mtu)
{
    private const int IPv4Header = 20;
    private const int UdpHeader = 8;
    private const int FragmentUnit = 8;

    /// <summary>The number of entries.</summary>
    public long Entries { get; private set; }

    /// <summary>The number of messages: UDP datagrams.</summary>
    public long Messages { get; private set; }

    /// <summary>The number of IP packets: more than messages if these exceed the MTU.</summary>
    public long Packets { get; private set; }

    /// <summary>The number of UDP payload bytes.</summary>
    public long Bytes { get; private set; }

    /// <summary>The largest message, in bytes, that fits in one packet.</summary>
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
