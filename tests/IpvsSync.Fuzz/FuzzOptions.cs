using System.Globalization;

namespace IpvsSync.Fuzz;

/// <summary>The arguments of the program.</summary>
/// <param name="Minutes">How long to run; null for no limit.</param>
/// <param name="Count">The number of datagrams; null for no limit.</param>
/// <param name="Seed">The same seed gives the same datagrams.</param>
/// <param name="Threads">The number of workers; each has its own datagrams.</param>
internal sealed record FuzzOptions(double? Minutes, long? Count, int Seed, int Threads)
{
    private const string Usage = "usage: tests/fuzz [--minutes N | --count N] [--seed N] [--threads N]";

    /// <summary>Parses the command line.</summary>
    /// <exception cref="FormatException">The message is for the caller.</exception>
    public static FuzzOptions Parse(string[] args)
    {
        var options = new FuzzOptions(null, null, Environment.TickCount & 0xFFFFFF, Environment.ProcessorCount);
        for (int i = 0; i < args.Length; i += 2)
        {
            if (i + 1 == args.Length) throw new FormatException(Usage);
            options = options.With(args[i], args[i + 1]);
        }

        return options is { Minutes: null, Count: null } ? options with { Minutes = 1 } : options;
    }

    private FuzzOptions With(string name, string value)
    {
        IFormatProvider culture = CultureInfo.InvariantCulture;
        return name switch
        {
            "--minutes" when double.TryParse(value, culture, out double minutes) => this with { Minutes = minutes },
            "--count" when long.TryParse(value, culture, out long count) => this with { Count = count },
            "--seed" when int.TryParse(value, culture, out int seed) => this with { Seed = seed },
            "--threads" when int.TryParse(value, culture, out int threads) && threads > 0 => this with { Threads = threads },
            _ => throw new FormatException(Usage),
        };
    }
}
