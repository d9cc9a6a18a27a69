using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;

namespace IpvsSync.Daemon.Tests.Control;

/// <summary>Runs a part of a test as another user. The kernel keeps users by thread; the C library's own functions would change all threads.</summary>
internal static partial class OtherUser
{
    /// <summary>The user and group without rights.</summary>
    public const int Nobody = 65534;

    /// <summary>Skips the test unless it runs as root.</summary>
    public static void Run(int user, int group, Action body)
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "Only root can act as another user.");
        bool isArm = RuntimeInformation.ProcessArchitecture == Architecture.Arm64;
        ExceptionDispatchInfo? failure = null;
        var thread = new Thread(() =>
        {
            bool done = Call(isArm ? 159 : 116, 0, 0, 0) == 0 && Call(isArm ? 149 : 119, group, group, group) == 0 && Call(isArm ? 147 : 117, user, user, user) == 0;
            failure = Record.Exception(done ? body : () => Assert.Skip("The system refuses.")) is { } exception ? ExceptionDispatchInfo.Capture(exception) : null;
        });
        thread.Start();
        thread.Join();
        failure?.Throw();
    }

    /// <summary>setgroups, setresgid or setresuid.</summary>
    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    private static partial nint Call(nint number, nint first, nint second, nint third);
}
