using IpvsSync.Daemon.Commands;

namespace IpvsSync.Daemon.Tests.Commands;

public sealed class SyncKnobsTests
{
    [Theory]
    [InlineData("3 50", "3 50 0 0")]
    [InlineData(" 0 0  60 1 ", "0 0 60 1")]
    [InlineData("7 0 10", "7 0 10 0")]
    public void TryParse_Numbers_AreKept(string text, string expected)
    {
        Assert.Null(SyncKnobs.TryParse(text, out SyncKnobs knobs));
        Assert.Equal(expected, knobs.ToString());
    }

    [Theory]
    [InlineData("3", "give THRESHOLD")]
    [InlineData("1 2 3 4 5", "give THRESHOLD")]
    [InlineData("", "give THRESHOLD")]
    [InlineData("3 x", "'x' is not a number")]
    [InlineData("3 -1", "'-1' is not a number")]
    [InlineData("50 50", "below the period")]
    [InlineData("0 0 10 4", "at most 3 retries")]
    [InlineData("0 0 1000001", "at most 1000000 seconds")]
    public void TryParse_WhatTheKernelRefuses_SaysWhy(string text, string why)
        => Assert.Contains(why, SyncKnobs.TryParse(text, out _), StringComparison.Ordinal);
}
