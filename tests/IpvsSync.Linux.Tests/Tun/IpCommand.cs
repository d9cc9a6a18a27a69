using System.Diagnostics;

namespace IpvsSync.Linux.Tests.Tun;

/// <summary>The <c>ip</c> command of iproute2, in the network namespace of the calling thread.</summary>
internal static class IpCommand
{
    private static readonly string[] s_places = ["/usr/sbin/ip", "/sbin/ip", "/usr/bin/ip", "/bin/ip"];

    /// <summary>Runs commands of <c>ip</c>, one a line; skips the test if there is no <c>ip</c>, or no such kind of interface.</summary>
    public static void Run(string commands)
    {
        foreach (string command in commands.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
            RunOne(command);
    }

    private static void RunOne(string command)
    {
        string? path = s_places.FirstOrDefault(File.Exists);
        Assert.SkipWhen(path is null, "This system has no ip command.");
        var start = new ProcessStartInfo(path!, command.Split(' ')) { RedirectStandardError = true };
        using Process process = Process.Start(start)!;
        string errors = process.StandardError.ReadToEnd();
        process.WaitForExit();
        Assert.SkipWhen(errors.Contains("Unknown device type", StringComparison.Ordinal), $"This kernel cannot: ip {command}");
        Assert.True(process.ExitCode == 0, $"ip {command}: {errors}");
    }
}
