using IpvsSync.Lab.Native;

namespace IpvsSync.Lab.Watching;

/// <summary>
/// The IPv4 packets that arrive on one interface, with the kernel's timestamps and without a system call per packet: a ring that the kernel
/// fills and this process empties, however late. Only about the first 190 bytes of a frame are kept.
/// </summary>
internal sealed unsafe class PacketRing
{
    private const int FrameSize = 256;
    private const int BlockSize = 1 << 20;
    private const int BlockCount = 16;
    private const int FrameCount = BlockCount * (BlockSize / FrameSize);

    private readonly int _fd;
    private readonly byte* _ring;
    private readonly long _clockOffset;
    private int _next;

    public PacketRing(string interfaceName)
    {
        var address = new LinkSocketAddress(Libc.ETH_P_IP, Libc.InterfaceIndex(interfaceName));
        _fd = Libc.Check(Libc.Socket(Libc.AF_PACKET, Libc.SOCK_RAW | Libc.SOCK_CLOEXEC, 0), "packet socket");
        int version = Libc.TPACKET_V2;
        Libc.Check(Libc.SetOption(_fd, Libc.SOL_PACKET, Libc.PACKET_VERSION, &version, sizeof(int)), "ring version");
        var request = new PacketRingRequest { BlockSize = BlockSize, BlockCount = BlockCount, FrameSize = FrameSize, FrameCount = FrameCount };
        Libc.Check(Libc.SetOption(_fd, Libc.SOL_PACKET, Libc.PACKET_RX_RING, &request, sizeof(PacketRingRequest)), "ring");
        _ring = Libc.Map(null, BlockSize * BlockCount, Libc.PROT_READ_WRITE, Libc.MAP_SHARED, _fd, 0);
        if ((nint)_ring == -1)
            Libc.Check(-1, "mmap");
        Libc.Check(Libc.Bind(_fd, &address, sizeof(LinkSocketAddress)), $"bind to {interfaceName}");
        _clockOffset = Clock.Now - ((DateTime.UtcNow - DateTime.UnixEpoch).Ticks * TimeSpan.NanosecondsPerTick);
    }

    /// <summary>
    /// The next frame, valid until the next call of <see cref="Release"/>, and when it came by the lab's clock; empty if there is none.
    /// </summary>
    public ReadOnlySpan<byte> Peek(out long at)
    {
        PacketRingHeader* header = Header;
        at = 0;
        if (Volatile.Read(ref header->Status) == 0)
            return [];
        at = (header->Seconds * Clock.NanosecondsPerSecond) + header->Nanoseconds + _clockOffset;
        return new ReadOnlySpan<byte>((byte*)header + header->MacOffset, (int)header->CapturedLength);
    }

    /// <summary>Returns the frame found by <see cref="Peek"/> to the kernel.</summary>
    public void Release()
    {
        Volatile.Write(ref Header->Status, 0);
        _next = (_next + 1) % FrameCount;
    }

    public long Dropped()
    {
        uint* statistics = stackalloc uint[2];
        int length = 2 * sizeof(uint);
        Libc.Check(Libc.GetOption(_fd, Libc.SOL_PACKET, Libc.PACKET_STATISTICS, statistics, &length), "packet statistics");
        return statistics[1];
    }

    private PacketRingHeader* Header => (PacketRingHeader*)(_ring + ((nint)_next * FrameSize));
}
