using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;
using IpvsSync.Linux.Interop;

namespace IpvsSync.Linux.Tests.Tun;

/// <summary>Runs a test's body in a network namespace of its own, which ends with the body.</summary>
internal static partial class PrivateNetwork
{
    private const int CLONE_NEWNET = 0x4000_0000;

    /// <summary>Skips the test where the namespace is not permitted, or there is no TUN.</summary>
    public static void Run(Action body)
    {
        Assert.SkipUnless(CanOpenTun(), "This system has no /dev/net/tun, or not for this user.");
        int errno = 0;
        ExceptionDispatchInfo? failure = null;
        // A namespace belongs to a thread: one that ends here takes it along.
        var thread = new Thread(() =>
        {
            errno = Unshare(CLONE_NEWNET) < 0 ? Marshal.GetLastPInvokeError() : 0;
            if (errno == 0 && Record.Exception(body) is { } exception)
                failure = ExceptionDispatchInfo.Capture(exception);
        });
        thread.Start();
        thread.Join();
        Assert.SkipWhen(errno != 0, $"This user may not have a network namespace: {Errno.NameOf(errno)}.");
        failure?.Throw();
    }

    private static bool CanOpenTun()
    {
        using KernelHandle file = Libc.Open("/dev/net/tun", LinuxFcntl.O_RDWR | LinuxFcntl.O_CLOEXEC, 0);
        return !file.IsInvalid;
    }

    [LibraryImport("libc", EntryPoint = "unshare", SetLastError = true)]
    private static partial int Unshare(int flags);
}
