using System.Diagnostics;
using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;
using IpvsSync.Linux.Interop;

namespace IpvsSync.Linux.Tests.Tun;

/// <summary>Runs a test's body in a network namespace of its own, which ends with the body.</summary>
internal static partial class PrivateNetwork
{
    private const int CLONE_NEWNET = 0x4000_0000;

    /// <summary>The longest time that a body may take, so that one that waits for ever fails by its name.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);

    private static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(60);

    // A thread is born in the namespace of the one that creates it. The runtime creates its own when they are first needed, and these create others for
    // tests that must not run in here.
    private static readonly Lazy<bool> s_runtimeThreads = new(StartRuntimeThreads);

    /// <summary>Skips the test where the namespace is not permitted, or there is no TUN.</summary>
    public static void Run(Action body)
    {
        Assert.SkipUnless(CanOpenTun(), "This system has no /dev/net/tun, or not for this user.");
        _ = s_runtimeThreads.Value;
        int errno = 0;
        ExceptionDispatchInfo? failure = null;
        // A namespace belongs to a thread: one that ends here takes it along.
        var thread = new Thread(() =>
        {
            errno = Unshare(CLONE_NEWNET) < 0 ? Marshal.GetLastPInvokeError() : 0;
            if (errno == 0 && Record.Exception(() => RunAlone(body)) is { } exception)
                failure = ExceptionDispatchInfo.Capture(exception);
        }) { IsBackground = true };
        thread.Start();
        Assert.True(thread.Join(Limit), $"The test's body has not ended after {Limit}.");
        Assert.SkipWhen(errno != 0, $"This user may not have a network namespace: {Errno.NameOf(errno)}.");
        failure?.Throw();
    }

    private static void RunAlone(Action body)
    {
        body();
        string self = Path.GetFileName(File.ResolveLinkTarget("/proc/thread-self", returnFinalTarget: true)!.FullName);
        string? own = NamespaceOf("/proc/thread-self");
        // A thread of the body that was joined is there for a moment still.
        bool isAlone = SpinWait.SpinUntil(() => !Directory.GetDirectories("/proc/self/task").Any(task => Path.GetFileName(task) != self && NamespaceOf(task) == own), s_timeout);
        Assert.True(isAlone, "A thread is left in the test's namespace, where other tests might run.");
    }

    private static bool StartRuntimeThreads()
    {
        using var timer = new Timer(_ => { }, null, 0, Timeout.Infinite);
        Task.Run(() => { }).Wait();
        // Its pipe is read by the threads that serve sockets, its end is noticed by the one that serves signals.
        using Process process = Process.Start(new ProcessStartInfo("/bin/true") { RedirectStandardError = true })!;
        process.StandardError.ReadToEnd();
        process.WaitForExit();
        return true;
    }

    private static string? NamespaceOf(string task) => new FileInfo(Path.Combine(task, "ns/net")).LinkTarget;

    private static bool CanOpenTun()
    {
        using KernelHandle file = Libc.Open("/dev/net/tun", LinuxFcntl.O_RDWR | LinuxFcntl.O_CLOEXEC, 0);
        return !file.IsInvalid;
    }

    [LibraryImport("libc", EntryPoint = "unshare", SetLastError = true)]
    private static partial int Unshare(int flags);
}
