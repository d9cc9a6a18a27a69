using IpvsSync.Daemon.Authentication;
using IpvsSync.Daemon.Commands.Client;
using IpvsSync.Daemon.Control;

namespace IpvsSync.Daemon.Tests.Commands.Client;

/// <summary>What <c>status</c> prints of keys and signatures.</summary>
public sealed class SignatureTextTests
{
    private static readonly StatusKey[] s_keys = [new(1, "3fa1b2c3"), new(2, "0c9d8e7f")];

    [Fact]
    public void Of_KeyThatSignsAndKeysThatAreAccepted_AreALine() => Assert.Equal(
        "authentication Require: signs with key 2 (0c9d8e7f), accepts 1 (3fa1b2c3), 2 (0c9d8e7f)",
        SignatureText.Of(new StatusAuthentication("Require", 2, s_keys, [])));

    [Fact]
    public void Peers_EachKind_IsARow()
    {
        string text = Text(
            "Require",
            Peer("10.9.0.2", "yes", 2, "0c9d8e7f", (AuthenticationOutcome.Good, 1047), (AuthenticationOutcome.OldNumber, 3)),
            Peer("10.9.0.3", "yes", 9, null, (AuthenticationOutcome.UnknownKey, 12)),
            Peer("10.9.0.4", "no", null, null, (AuthenticationOutcome.Unsigned, 7)),
            Peer("10.9.0.9", "kernel", null, null, (AuthenticationOutcome.Unsigned, 300)));

        Assert.Equal(
            """
            signatures of  signs                  key  fingerprint here  good  unsigned  malformed  unknown key  wrong tag  old number  unknown instance  own
            10.9.0.2       yes                      2  0c9d8e7f          1047         0          0            0          0           3                 0    0
            10.9.0.3       yes                      9  -                    0         0          0           12          0           0                 0    0
            10.9.0.4       no: refused              -  -                    0         7          0            0          0           0                 0    0
            10.9.0.9       no, a kernel: refused    -  -                    0       300          0            0          0           0                 0    0

            """,
            text);
    }

    [Theory]
    [InlineData("Sign", "kernel", "no, a kernel: believed")]
    [InlineData("Sign", "no", "no: believed")]
    [InlineData("Require", "kernel", "no, a kernel: refused")]
    [InlineData("Require", "no", "no: refused")]
    [InlineData("Sign", "yes", "yes")]
    public void Peers_OneThatDoesNotSign_IsSaidToBeBelievedOrRefused(string mode, string signs, string text)
        => Assert.Contains($" {text} ", Text(mode, Peer("10.9.0.4", signs, null, null)), StringComparison.Ordinal);

    [Fact]
    public void Peers_None_IsNoTable() => Assert.True(SignatureText.Peers(new StatusAuthentication("Sign", 1, s_keys, [])).IsEmpty);

    private static string Text(string mode, params StatusSignatures[] peers)
    {
        using var text = new StringWriter { NewLine = "\n" };
        SignatureText.Peers(new StatusAuthentication(mode, 2, s_keys, peers)).WriteTo(text);
        return text.ToString();
    }

    private static StatusSignatures Peer(string name, string signs, int? keyId, string? fingerprint, params (AuthenticationOutcome Outcome, long Count)[] counts) => new(
        name, signs, keyId, fingerprint,
        AuthenticationText.Outcomes.ToDictionary(AuthenticationText.Of, outcome => counts.Where(count => count.Outcome == outcome).Sum(count => count.Count)));
}
