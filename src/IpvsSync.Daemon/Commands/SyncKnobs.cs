using System.CommandLine.Parsing;
using System.Globalization;
using IpvsSync.Daemon.Options;
using IpvsSync.Daemon.Policy;
using IpvsSync.Protocol.Wire;

namespace IpvsSync.Daemon.Commands;

/// <summary>The four numbers of a sync policy, in the order of <c>--policy</c>.</summary>
/// <param name="Threshold">The first number of <c>sync_threshold</c>, in packets.</param>
/// <param name="Period">The second number of <c>sync_threshold</c>, in packets; 0 means none.</param>
/// <param name="Refresh"><c>sync_refresh_period</c> in seconds; 0 means none.</param>
/// <param name="Retries"><c>sync_retries</c>, 0 to 3.</param>
internal readonly record struct SyncKnobs(int Threshold, int Period, int Refresh = 0, int Retries = 0)
{
    /// <summary>The kernel's defaults.</summary>
    public static readonly SyncKnobs KernelDefaults = new(3, 50);

    private const int LongestRefresh = 1_000_000;
    private const int MostRetries = 3;

    /// <summary>The defaults of this daemon.</summary>
    public static SyncKnobs Shipped { get; } = Of(new SyncOptions());

    /// <summary>The knobs of <paramref name="options"/>.</summary>
    public static SyncKnobs Of(SyncOptions options)
        => new(options.SyncThreshold, options.SyncPeriod, options.SyncRefreshPeriod, options.SyncRetries);

    /// <summary>Reads an argument of <c>--policy</c>; faults go to <paramref name="result"/>.</summary>
    public static SyncKnobs Parse(ArgumentResult result) => Parse(result.Tokens[^1].Value, result);

    /// <summary>Reads one of several arguments of <c>--policy</c>; faults go to <paramref name="result"/>.</summary>
    public static SyncKnobs Parse(string text, ArgumentResult result)
    {
        if (TryParse(text, out SyncKnobs knobs) is { } fault)
            result.AddError($"--policy '{text}': {fault}");
        return knobs;
    }

    /// <summary>Parses two to four numbers by the kernel's rules for these sysctls (spec §4.6); missing ones are 0.</summary>
    /// <returns>The fault; null if there is none.</returns>
    public static string? TryParse(string text, out SyncKnobs knobs)
    {
        knobs = default;
        string[] words = text.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        int[] numbers = new int[4];
        for (int i = 0; i < words.Length && i < numbers.Length; i++)
        {
            if (!int.TryParse(words[i], NumberStyles.None, CultureInfo.InvariantCulture, out numbers[i]))
                return $"'{words[i]}' is not a number";
        }

        if (words.Length is < 2 or > 4)
            return "give THRESHOLD PERIOD [REFRESH [RETRIES]]";
        knobs = new SyncKnobs(numbers[0], numbers[1], numbers[2], numbers[3]);
        return knobs.Fault();
    }

    /// <summary>The options of a daemon with these numbers.</summary>
    public SyncOptions ToOptions() => new()
    {
        SyncThreshold = Threshold,
        SyncPeriod = Period,
        SyncRefreshPeriod = Refresh,
        SyncRetries = Retries,
    };

    /// <summary>The settings of a kernel with these numbers, at 1000 ticks per second.</summary>
    public SyncSettings ToKernel(SyncVersion version) => new()
    {
        Threshold = Threshold,
        Period = Period,
        RefreshTicks = Refresh * 1000L,
        Retries = Retries,
        Version = version,
        TicksPerSecond = 1000,
    };

    /// <summary>The text that the operator writes.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Threshold} {Period} {Refresh} {Retries}");

    private string? Fault()
    {
        if (Period != 0 && Threshold >= Period)
            return "the threshold must be below the period, unless that is 0";
        if (Refresh > LongestRefresh)
            return $"a refresh period has at most {LongestRefresh} seconds";
        return Retries > MostRetries ? $"there are at most {MostRetries} retries" : null;
    }
}
