using System.Runtime.InteropServices;

namespace IpvsSync.Linux.Interop;

/// <summary>struct iovec (linux/uio.h).</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct IoVector
{
    internal byte* Base;
    internal nuint Length;
}

/// <summary>struct mmsghdr with its struct msghdr written out (bits/socket.h).</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct MessageHeader
{
    internal byte* Name;
    internal uint NameLength;
    internal IoVector* Vectors;
    internal nuint VectorCount;
    internal byte* Control;
    internal nuint ControlLength;
    internal int Flags;

    // The end of the inner structure, which C rounds up to the alignment of its pointers.
    private readonly int _padding;

    /// <summary>msg_len: bytes received or sent.</summary>
    internal uint Transferred;
}

/// <summary>struct cmsghdr (bits/socket.h) with its value, the segment size for UDP_SEGMENT, padded as CMSG_SPACE does.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct SegmentControl
{
    internal nuint Length;
    internal int Level;
    internal int Type;
    internal ushort SegmentSize;

    internal static SegmentControl Empty => new()
    {
        Length = (nuint)(sizeof(nuint) + sizeof(int) + sizeof(int) + sizeof(ushort)),
        Level = LinuxUdp.SOL_UDP,
        Type = LinuxUdp.UDP_SEGMENT,
    };
}

/// <summary>struct cmsghdr (bits/socket.h) with its value, the segment size that comes with UDP_GRO, padded as CMSG_SPACE does.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct GroupControl
{
    internal nuint Length;
    internal int Level;
    internal int Type;
    internal int SegmentSize;

    // The end of the structure, which C rounds up to the alignment of its length.
    private readonly int _padding;

    /// <summary>Bytes up to the end of the value.</summary>
    internal static nuint LeastLength => (nuint)(sizeof(nuint) + (3 * sizeof(int)));
}

/// <summary>struct pollfd (asm-generic/poll.h).</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct PollDescriptor
{
    internal int Descriptor;
    internal short Events;
    internal short ReturnedEvents;
}

/// <summary>struct timespec (linux/time.h) for a duration.</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly struct TimeSpecification(TimeSpan time)
{
    private readonly nint _seconds = (nint)(time.Ticks / TimeSpan.TicksPerSecond);
    private readonly nint _nanoseconds = (nint)(time.Ticks % TimeSpan.TicksPerSecond * TimeSpan.NanosecondsPerTick);

    /// <summary>The whole duration.</summary>
    internal long TotalNanoseconds => (_seconds * 1_000_000_000L) + _nanoseconds;
}

/// <summary>struct if_nameindex (net/if.h); the list ends with index 0.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct InterfaceName
{
    internal uint Index;
    internal byte* Name;
}

/// <summary>struct rlimit (linux/resource.h).</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct ResourceLimit
{
    internal nuint Soft;
    internal nuint Hard;
}
