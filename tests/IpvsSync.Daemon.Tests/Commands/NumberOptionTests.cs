using System.CommandLine;
using IpvsSync.Daemon.Commands;

namespace IpvsSync.Daemon.Tests.Commands;

public sealed class NumberOptionTests
{
    private static readonly Option<double> s_share = NumberOption.Of("--share", "SHARE", "A share.", 0.5, 0, 1);
    private static readonly Option<int> s_even = NumberOption.Of("--even", "N", "Even.", 2, 0, 10, n => n % 2 == 0 ? null : "odd");

    [Theory]
    [InlineData("", 0.5, 2)]
    [InlineData("--share 0.25 --even 4", 0.25, 4)]
    [InlineData("--share 1e-1", 0.1, 2)]
    public void Parse_Number_IsTaken(string line, double share, int even)
    {
        ParseResult result = Parse(line);

        Assert.Empty(result.Errors);
        Assert.Equal((share, even), (result.GetValue(s_share), result.GetValue(s_even)));
    }

    [Theory]
    [InlineData("--share x", "--share: 'x' is not a number that fits here")]
    [InlineData("--share 1.5", "--share: 1.5 is not between 0 and 1")]
    [InlineData("--share NaN", "--share: NaN is not between 0 and 1")]
    [InlineData("--even 99999999999", "--even: '99999999999' is not a number that fits here")]
    [InlineData("--even 3", "--even: odd")]
    public void Parse_WhatDoesNotFit_SaysWhy(string line, string why)
        => Assert.Equal(why, Assert.Single(Parse(line).Errors).Message);

    private static ParseResult Parse(string line) => new RootCommand { s_share, s_even }.Parse(line);
}
