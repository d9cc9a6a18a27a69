using System.Runtime.InteropServices;

namespace IpvsSync.Lab.Judge.Kernel;

/// <summary>
/// C library calls that the judge needs in addition to the probe's: <c>&lt;sched.h&gt;</c>, <c>&lt;linux/ip_vs.h&gt;</c>.
/// </summary>
internal static partial class Calls
{
    public const int CLONE_NEWNET = 0x40000000;
    public const int IP_VS_SO_SET_STARTDAEMON = 1163;
    public const int IP_VS_STATE_BACKUP = 2;

    [LibraryImport("libc", EntryPoint = "unshare", SetLastError = true)]
    public static partial int Unshare(int flags);

    [LibraryImport("libc", EntryPoint = "setns", SetLastError = true)]
    public static partial int SetNamespace(int fd, int kind);
}

/// <summary><c>struct ip_vs_daemon_user</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct DaemonUser
{
    public int State;
    public fixed byte Interface[IpvsSync.Lab.Native.Libc.IFNAMSIZ];
    public int SyncId;
}

/// <summary>The start of <c>struct ifreq</c>, up to the flags.</summary>
[StructLayout(LayoutKind.Sequential, Size = 40)]
internal unsafe struct InterfaceRequest
{
    public fixed byte Name[IpvsSync.Lab.Native.Libc.IFNAMSIZ];
    public short Flags;
}
