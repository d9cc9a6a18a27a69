using IpvsSync.Daemon.Authentication;
using IpvsSync.Daemon.Diagnostics;
using IpvsSync.Linux;
using Microsoft.Extensions.Logging.Testing;

namespace IpvsSync.Daemon.Tests.Diagnostics;

/// <summary>What the log says of signatures: at once, and then a line a minute and peer.</summary>
public sealed class AuthenticationReporterTests
{
    private readonly FakeLogger _log = new();
    private readonly OutcomeLedger _ledger = new();
    private readonly AuthenticationReporter _reporter;

    public AuthenticationReporterTests() => _reporter = new AuthenticationReporter(_log);

    [Fact]
    public void Check_WrongKey_IsALineAtOnceAndThenOneAMinute()
    {
        for (long nowMs = 0; nowMs < 120_000; nowMs += 1000)
        {
            Note(1, AuthenticationOutcome.WrongTag, nowMs, keyId: 1);
            Note(1, AuthenticationOutcome.UnknownKey, nowMs, keyId: 9);
            Check(nowMs);
        }

        string keys = $"1 ({Keys.Of(1).Fingerprint})";
        Assert.Equal(
            [
                (253, $"Messages are signed with key 1; accepted are {keys}; Authentication:Mode is Require."),
                (250, $"Peer 0.0.0.1: refused 1 unknown key under key 9, 1 wrong tag under key 1. Keys here: {keys}. "
                    + "Compare the fingerprints of ipvs-syncd status on all directors; if they are equal, somebody else speaks on the sync network."),
                (250, $"Peer 0.0.0.1: refused 60 unknown key under key 9, 60 wrong tag under key 1. Keys here: {keys}. "
                    + "Compare the fingerprints of ipvs-syncd status on all directors; if they are equal, somebody else speaks on the sync network."),
            ],
            Lines());
    }

    [Fact]
    public void Check_Kernel_IsNamedAtOnceWhereSignaturesAreRequired()
    {
        _ledger.NoteKernel(new SourceAddress(1, false), 0);
        Check(0);
        Check(1000);

        Assert.Equal([253, 252, 250], Lines().Select(line => line.Id));
        Assert.StartsWith("Peer 0.0.0.1 does not sign: it is a kernel's daemon, or has Extensions off.", Lines()[1].Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Check_UnsignedInTheNameOfAPeerThatSigns_IsNotSaidToBeThePeer()
    {
        for (long nowMs = 0; nowMs < 10_000; nowMs += 1000)
        {
            Note(1, AuthenticationOutcome.Good, nowMs, keyId: 1);
            _ledger.NoteKernel(new SourceAddress(1, false), nowMs + 500);
            Note(1, AuthenticationOutcome.Unsigned, nowMs + 500, keyId: 0);
            Check(nowMs + 900);
        }

        Assert.Equal([253, 250], Lines().Select(line => line.Id));
        Assert.False(PeerOutcomes.Of([_ledger]).Single().IsKernelAt(9900));
    }

    [Fact]
    public void Check_PeerThatSignsNoMore_IsNamedOnceItIsSilentOtherwise()
    {
        Note(1, AuthenticationOutcome.Good, 0, keyId: 1);
        for (long nowMs = 1000; nowMs < 5000; nowMs += 1000)
        {
            _ledger.NoteKernel(new SourceAddress(1, false), nowMs);
            Check(nowMs);
        }

        Assert.Equal([253, 250, 252], Lines().Select(line => line.Id));
        Assert.StartsWith("Peer 0.0.0.1 does not sign: it is a kernel's daemon", Lines()[2].Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Check_KernelWhereItIsBelieved_IsNoLine()
    {
        _ledger.NoteKernel(new SourceAddress(1, false), 0);
        Check(0, isRequired: false);

        Assert.Equal([253], Lines().Select(line => line.Id));
    }

    [Fact]
    public void Check_PeerThatStartsAndAnswers_IsNoLine()
    {
        Check(0);
        for (int message = 0; message < 50; message++)
            Note(1, AuthenticationOutcome.UnknownInstance, 500, keyId: 1);
        Check(1000);
        Note(1, AuthenticationOutcome.Good, 1500, keyId: 1);
        for (long nowMs = 2000; nowMs < 10_000; nowMs += 1000)
            Check(nowMs);

        Assert.Equal([253], Lines().Select(line => line.Id));
    }

    [Fact]
    public void Check_StrangerThatNeverAnswers_IsALine()
    {
        for (long nowMs = 0; nowMs < 5000; nowMs += 1000)
        {
            Note(1, AuthenticationOutcome.UnknownInstance, nowMs, keyId: 1);
            Check(nowMs);
        }

        Assert.Equal([253, 250], Lines().Select(line => line.Id));
        Assert.Contains("unknown instance under key 1", Lines()[1].Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Check_ManyForgedAddresses_AreTenLinesAndACount()
    {
        for (uint address = 1; address <= 40; address++)
            Note(address, AuthenticationOutcome.WrongTag, 0, keyId: 1);
        Check(0);
        Check(60_000);

        Assert.Equal(10, Lines().Count(line => line.Id == 250));
        Assert.Equal("Messages of 30 more peer(s) were refused by their signatures: somebody forges addresses.", Lines().Single(line => line.Id == 251).Text);
    }

    /// <summary>What was believed before signatures were required was not refused.</summary>
    [Fact]
    public void Check_SignaturesAreRequiredFromNowOn_WhatCameBeforeIsNotSaidToBeRefused()
    {
        for (long nowMs = 0; nowMs < 5000; nowMs += 1000)
        {
            Note(1, AuthenticationOutcome.Unsigned, nowMs, keyId: 0);
            Check(nowMs, isRequired: false);
        }

        for (long nowMs = 5000; nowMs < 40_000; nowMs += 1000)
        {
            Note(1, AuthenticationOutcome.Good, nowMs, keyId: 1);
            Check(nowMs, isRequired: nowMs >= 20_000);
        }

        Assert.Equal([253, 253], Lines().Select(line => line.Id));
    }

    [Fact]
    public void Check_KernelThatHasGoneBeforeSignaturesWereRequired_IsNotNamed()
    {
        _ledger.NoteKernel(new SourceAddress(1, false), 0);
        Check(0, isRequired: false);
        Check(3_600_000);
        Assert.Equal([253, 253], Lines().Select(line => line.Id));
    }

    private void Note(uint address, AuthenticationOutcome outcome, long nowMs, byte keyId) => _ledger.Note(new SourceAddress(address, false), keyId, outcome, nowMs);

    private readonly KeyRing _strict = Keys.Ring(true, Keys.Of(1));
    private readonly KeyRing _lax = Keys.Ring(false, Keys.Of(1));

    private void Check(long nowMs, bool isRequired = true) => _reporter.Check(PeerOutcomes.Of([_ledger]), isRequired ? _strict : _lax, nowMs);

    private List<(int Id, string Text)> Lines() => [.. _log.Collector.GetSnapshot().Select(record => (record.Id.Id, record.Message))];
}
