using System.Diagnostics;

namespace IpvsSync.Lab.Judge.Kernel;

/// <summary>Other programs, in the calling thread's namespace.</summary>
internal static class Programs
{
    /// <summary>Runs a program to its end.</summary>
    /// <exception cref="IOException">Its exit status is not 0.</exception>
    public static void Run(string program, string arguments)
    {
        using var process = Process.Start(program, arguments);
        process.WaitForExit();
        if (process.ExitCode != 0) throw new IOException($"{program} {arguments}: status {process.ExitCode}");
    }
}
