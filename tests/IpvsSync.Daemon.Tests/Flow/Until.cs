namespace IpvsSync.Daemon.Tests.Flow;

/// <summary>Waits for what other threads do.</summary>
internal static class Until
{
    private static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(20);

    /// <summary>Waits until <paramref name="condition"/> holds, and fails when it does not in time.</summary>
    public static void True(Func<bool> condition, [System.Runtime.CompilerServices.CallerArgumentExpression(nameof(condition))] string text = "")
        => Assert.True(SpinWait.SpinUntil(condition, s_timeout), $"never true: {text}");
}
