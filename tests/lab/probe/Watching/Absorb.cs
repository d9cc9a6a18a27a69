using System.Globalization;
using System.Text;
using IpvsSync.Lab.Native;

namespace IpvsSync.Lab.Watching;

/// <summary>
/// <c>absorb --count N [--timeout-seconds S]</c>: polls the active connections of all real servers until they are N, or have not grown for
/// S seconds. Prints "ready", then their number and when it was reached, in nanoseconds of the lab's clock.
/// </summary>
internal static class Absorb
{
    private const int PollMilliseconds = 5;
    private const int ActiveColumn = 4;

    public static int Run(Arguments arguments)
    {
        int wanted = arguments.Number("count", 0);
        long timeout = arguments.Number("timeout-seconds", 5) * Clock.NanosecondsPerSecond;
        using var table = new ProcFile("/proc/net/ip_vs");
        var pause = new Epoll(); // an empty set: a pause in one system call
        Console.WriteLine("ready");
        int reached = 0;
        long at = Clock.Now;
        while (reached < wanted && Clock.Now - at < timeout)
        {
            pause.Wait(PollMilliseconds);
            int active = Active(table.Read());
            if (active == reached)
                continue;
            (reached, at) = (active, Clock.Now);
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{reached} {at}"));
        return reached == wanted ? 0 : 1;
    }

    // "  -> 0A01000B:0050      Route   1      100        0"
    private static int Active(ReadOnlySpan<byte> table) => Encoding.ASCII.GetString(table).Split('\n')
        .Where(line => line.StartsWith("  -> ", StringComparison.Ordinal) && char.IsAsciiHexDigit(line[5]))
        .Sum(line => int.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[ActiveColumn], CultureInfo.InvariantCulture));
}
