using System.Diagnostics;

namespace IpvsSync.Daemon.Tests;

/// <summary>
/// Starts the processes of tests that run beside others, one at a time. Between fork and the first instruction of its program, a child has a
/// copy of each descriptor of the tests: what another test closes meanwhile is still open there, its port in use and its name taken. Any thread.
/// </summary>
internal static class Children
{
    /// <summary>Every program maps it, once it runs.</summary>
    private const string Library = "/libc.so";

    private static readonly Lock s_start = new();

    /// <summary>Starts a program that is linked dynamically. It runs when this returns.</summary>
    public static Process Start(ProcessStartInfo start)
    {
        lock (s_start)
        {
            string own = Read("thread-self", "comm");
            Process child = Process.Start(start)!;
            string id = $"{child.Id}";
            // The kernel wakes whoever waits for exec before exec has closed what it is to close, and that is gone when the program first runs.
            SpinWait.SpinUntil(() => Read(id, "comm") != own && Read(id, "maps") is var maps && (maps.Length == 0 || maps.Contains(Library, StringComparison.Ordinal)));
            return child;
        }
    }

    /// <summary>Starts a program that is linked dynamically. It runs when this returns.</summary>
    public static Process Start(string file, params IEnumerable<string> arguments) => Start(new ProcessStartInfo(file, arguments));

    /// <summary>Waits until no child has what the caller has closed before.</summary>
    public static void AwaitRun()
    {
        s_start.Enter();
        s_start.Exit();
    }

    /// <summary>A file of a process; empty once it has ended.</summary>
    private static string Read(string process, string file)
    {
        try
        {
            return File.ReadAllText($"/proc/{process}/{file}");
        }
        catch (IOException)
        {
            return "";
        }
    }
}
