namespace IpvsSync.Linux.Interop;

/// <summary>linux/udp.h; linux/socket.h for the level.</summary>
internal static class LinuxUdp
{
    internal const int SOL_UDP = 17;

    internal const int UDP_SEGMENT = 103;
    internal const int UDP_GRO = 104;

    /// <summary>The number of segments that every kernel with UDP_SEGMENT accepts; newer kernels accept more.</summary>
    internal const int UDP_MAX_SEGMENTS = 64;
}
