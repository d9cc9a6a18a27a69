using System.Globalization;

namespace IpvsSync.Daemon.Commands.Decode.Captures;

/// <summary>When a packet was captured, UTC. The default is an unknown time, as in simple packet blocks.</summary>
/// <param name="Seconds">Seconds since 1970.</param>
/// <param name="Nanoseconds">The nanoseconds beyond those seconds, less than a second.</param>
/// <param name="IsKnown">Whether the time is known.</param>
internal readonly record struct CaptureTime(long Seconds, int Nanoseconds, bool IsKnown = true)
{
    private const int NanosecondsPerMicrosecond = 1000;
    private const int NanosecondsPerSecond = 1_000_000_000;

    private static readonly long _lastSecond = DateTimeOffset.MaxValue.ToUnixTimeSeconds();

    /// <summary>Makes a time from units, of which there are <paramref name="unitsPerSecond"/> in a second.</summary>
    public static CaptureTime FromUnits(ulong units, ulong unitsPerSecond, long offsetSeconds = 0)
    {
        ulong nanoseconds = (ulong)((UInt128)(units % unitsPerSecond) * NanosecondsPerSecond / unitsPerSecond);
        return new CaptureTime(unchecked((long)(units / unitsPerSecond) + offsetSeconds), (int)nanoseconds);
    }

    /// <summary>The seconds since <paramref name="earlier"/>; null if one of the times is unknown.</summary>
    public double? Since(CaptureTime earlier) => IsKnown && earlier.IsKnown
        ? (Seconds - earlier.Seconds) + ((Nanoseconds - earlier.Nanoseconds) / (double)NanosecondsPerSecond)
        : null;

    /// <summary>The text: <c>2026-11-23 06:01:02.345678</c>, with nine digits if the last three are not zero.</summary>
    public override string ToString()
    {
        if (!IsKnown) return "time unknown";
        string fraction = Nanoseconds % NanosecondsPerMicrosecond == 0
            ? (Nanoseconds / NanosecondsPerMicrosecond).ToString("D6", CultureInfo.InvariantCulture)
            : Nanoseconds.ToString("D9", CultureInfo.InvariantCulture);
        return $"{Second()}.{fraction}";
    }

    private string Second() => Seconds < 0 || Seconds > _lastSecond
        ? string.Create(CultureInfo.InvariantCulture, $"second {Seconds}")
        : DateTimeOffset.FromUnixTimeSeconds(Seconds).ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
}
