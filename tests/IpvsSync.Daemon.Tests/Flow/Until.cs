namespace IpvsSync.Daemon.Tests.Flow;

/// <summary>Waits for what other threads do.</summary>
internal static class Until
{
    /// <summary>What does not come by then hangs: a machine that others share may stand still for many seconds.</summary>
    private static readonly TimeSpan s_timeout = TimeSpan.FromMinutes(1);

    /// <summary>Waits until <paramref name="condition"/> holds, and fails when it does not in time.</summary>
    public static void True(Func<bool> condition, [System.Runtime.CompilerServices.CallerArgumentExpression(nameof(condition))] string text = "")
        => Assert.True(Try(condition), $"never true: {text}");

    /// <summary>Waits until <paramref name="condition"/> holds, or no longer; the caller says what differs.</summary>
    public static bool Try(Func<bool> condition) => SpinWait.SpinUntil(condition, s_timeout);
}
