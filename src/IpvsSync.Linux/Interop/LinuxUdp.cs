namespace IpvsSync.Linux.Interop;

/// <summary>linux/udp.h; linux/socket.h for the level.</summary>
internal static class LinuxUdp
{
    internal const int SOL_UDP = 17;

    internal const int UDP_SEGMENT = 103;

    /// <summary>What every kernel with UDP_SEGMENT takes; newer ones take more.</summary>
    internal const int UDP_MAX_SEGMENTS = 64;
}
