using IpvsSync.Daemon.Authentication;
using IpvsSync.Protocol.Wire.Peering;

namespace IpvsSync.Daemon.Tests.Receiving;

/// <summary>What a lane that requires signatures makes of each datagram; time and the network are the test's.</summary>
public sealed class AuthenticatedLaneTests : IDisposable
{
    private readonly ExtensionBed _bed = new(keys: (Keys.Ring(true, Keys.Of(1)), Keys.Ring(true, Keys.Of(1))));

    public void Dispose() => _bed.Dispose();

    [Fact]
    public void News_OfAStranger_ComeOnceItHasAnswered()
    {
        _bed.A.Open(1, 2, 3);
        _bed.Pass(30);

        Assert.Equal(3, _bed.B.Table.Count);
        Assert.Contains(ControlKind.Hello, _bed.B.Sent);
        Assert.True(Outcome(AuthenticationOutcome.UnknownInstance) > 0);
        Assert.Equal(0, _bed.Counts.Late);
    }

    [Fact]
    public void News_OfAStrangerThatSaidMuchBefore_AreToldAgainAsAWhole()
    {
        _bed.A.Loses = _ => true;
        foreach (int number in Enumerable.Range(0, 100))
            _bed.A.Open(number);
        _bed.A.Loses = _ => false;

        _bed.A.Open(100);
        _bed.Pass(200);
        Assert.Equal(0, _bed.B.Table.Count);
        for (int second = 0; second < 5; second++)
        {
            _bed.A.Table.Sweep();
            _bed.Pass(1000);
        }

        Assert.Equal(101, _bed.B.Table.Count);
        Assert.Equal(0, _bed.Counts.Lost);
    }

    [Fact]
    public void News_WhileItDoesNotAnswer_AreNotTaken()
    {
        _bed.A.Loses = kind => kind == ControlKind.HelloAck;
        _bed.A.Open(1, 2, 3);
        _bed.Pass(5000);

        Assert.Equal(0, _bed.B.Table.Count);
        Assert.Empty(_bed.B.Extensions.Windows.Snapshots);

        _bed.A.Loses = _ => false;
        _bed.Pass(2000);
        Assert.Equal(3, _bed.B.Table.Count);
    }

    [Theory]
    [InlineData("unsigned", AuthenticationOutcome.Unsigned)]
    [InlineData("kernel", AuthenticationOutcome.Unsigned)]
    [InlineData("other secret", AuthenticationOutcome.WrongTag)]
    [InlineData("other lane", AuthenticationOutcome.WrongTag)]
    [InlineData("unknown key", AuthenticationOutcome.UnknownKey)]
    [InlineData("flipped", AuthenticationOutcome.WrongTag)]
    [InlineData("cut", AuthenticationOutcome.Malformed)]
    [InlineData("no message", AuthenticationOutcome.Malformed)]
    [InlineData("replayed", AuthenticationOutcome.OldNumber)]
    [InlineData("reflected", AuthenticationOutcome.Own)]
    [InlineData("stranger", AuthenticationOutcome.UnknownInstance)]
    internal void Datagram_ThatIsNotGood_IsCountedAndNothingElse(string what, AuthenticationOutcome expected)
    {
        AwaitPeers();
        byte[] own = Numbered(_bed.B);
        byte[] news = Numbered(_bed.A);
        _bed.Pass(30);
        int table = _bed.B.Table.Count;
        long[] before = [.. _bed.B.Outcomes];
        byte[] datagram = what switch
        {
            "unsigned" => Signed(news, 100, new Trailer(0xA, 100, 0, TrailerType.Unsigned), null),
            "kernel" => Messages.Of(Entries.Tcp(77)),
            "other secret" => Signed(news, 100, new Trailer(0xA, 100, 1, TrailerType.Signed), Keys.Of(1, seed: 5)),
            "other lane" => Signed(news, 100, new Trailer(0xA, 100, 1, TrailerType.Signed), Keys.Of(1), lane: 1),
            "unknown key" => Signed(news, 100, new Trailer(0xA, 100, 9, TrailerType.Signed), Keys.Of(9)),
            "flipped" => Flipped(Signed(news, 100, new Trailer(0xA, 100, 1, TrailerType.Signed), Keys.Of(1))),
            "cut" => Signed(news, 100, new Trailer(0xA, 100, 1, TrailerType.Signed), Keys.Of(1))[..^9],
            "no message" => [1, 2, 3],
            "replayed" => news,
            "reflected" => own,
            _ => Signed(news, 100, new Trailer(0xDD, 100, 1, TrailerType.Signed), Keys.Of(1)),
        };

        _bed.B.Put(datagram);
        _bed.B.Step();

        long[] added = [.. _bed.B.Outcomes.Zip(before, (after, ahead) => after - ahead)];
        Assert.Equal(1, added[(int)expected]);
        Assert.Equal(1, added.Sum());
        Assert.Equal(table, _bed.B.Table.Count);
    }

    [Fact]
    public void Datagram_OfEveryLengthAndWithEveryBitFlipped_IsNotTaken()
    {
        AwaitPeers();
        byte[] good = Signed(Numbered(_bed.A), 100, new Trailer(0xA, 100, 1, TrailerType.Signed), Keys.Of(1));
        _bed.Pass(30);
        int table = _bed.B.Table.Count;
        long lost = _bed.Counts.Lost;
        for (int length = 0; length < good.Length; length++)
            Put(good[..length]);
        for (int bit = 0; bit < good.Length * 8; bit++)
        {
            byte[] flipped = [.. good];
            flipped[bit / 8] ^= (byte)(1 << (bit % 8));
            Put(flipped);
        }

        Assert.Equal(table, _bed.B.Table.Count);
        Assert.Equal(lost, _bed.Counts.Lost);
        Put(good);
        Assert.Equal(table + 1, _bed.B.Table.Count);
    }

    [Fact]
    public void Numbers_ThatAStrangerSentBefore_AreTooOldOnceItHasAnswered()
    {
        _bed.A.Loses = _ => true;
        _bed.A.Open(1, 2, 3);
        byte[][] before = [.. _bed.A.SentBytes];
        _bed.A.Loses = _ => false;
        _bed.A.Open(4);
        _bed.Pass(5);
        Assert.True(_bed.B.Extensions.Windows.IsVouched(0xA, out _));
        int table = _bed.B.Table.Count;

        foreach (byte[] datagram in before)
            Put(datagram);

        Assert.Equal(table, _bed.B.Table.Count);
        Assert.Equal(before.Length, Outcome(AuthenticationOutcome.OldNumber));
        // They are asked for all the same, and told as they are now.
        _bed.Pass(30);
        Assert.Equal(4, _bed.B.Table.Count);
    }

    [Fact]
    public void Answer_PlayedBack_MakesNobodyKnownAgain()
    {
        AwaitPeers();
        byte[][] said = [.. _bed.A.SentBytes];
        _bed.A.Loses = _ => true;
        // The instance is forgotten, as by a change of role.
        _bed.B.Extensions.Windows.Clear();
        _bed.B.Authentication.Challenge.Forget();
        _bed.Pass(1000);

        foreach (byte[] datagram in said)
            Put(datagram);

        Assert.False(_bed.B.Extensions.Windows.IsVouched(0xA, out _));
        Assert.Empty(_bed.B.Extensions.Windows.Snapshots);
    }

    [Fact]
    public void Answer_OfAnInstanceThatWasForgottenForItsSilence_IsTooOld()
    {
        AwaitPeers();
        _bed.Pass(5000);
        byte[][] said = [.. _bed.A.SentBytes.TakeLast(20)];
        _bed.A.Loses = _ => true;
        _bed.Pass((int)FlowConstants.PeerSilentMs);
        _bed.B.Extensions.Windows.EndRun(0xA);

        foreach (byte[] datagram in said)
            Put(datagram);

        Assert.Contains(said, datagram => IsKind(datagram, ControlKind.HelloAck));
        Assert.False(_bed.B.Extensions.Windows.IsVouched(0xA, out _));
    }

    [Fact]
    public void Beats_PlayedBack_DoNotKeepADeadPeerAlive()
    {
        AwaitPeers();
        byte[] beat = _bed.A.SentBytes.Last(datagram => IsKind(datagram, ControlKind.Beat));
        _bed.A.Loses = _ => true;
        for (int second = 0; second < 5; second++)
        {
            Put(beat);
            _bed.Pass(1000);
        }

        Assert.True(_bed.NowMs - _bed.B.Extensions.Windows.Snapshots.Single().HeardMs >= FlowConstants.PeerSilentMs);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    public void IdlePeer_ThatOnlyBeats_StaysHeard(int lostInTen)
    {
        AwaitPeers();
        int turn = 0;
        _bed.A.Loses = _ => turn++ % 10 < lostInTen;
        for (int second = 0; second < 30; second++)
        {
            _bed.Pass(1000);
            Assert.InRange(_bed.NowMs - _bed.B.Extensions.Windows.Snapshots.Single().HeardMs, 0, FlowConstants.PeerSilentMs - 1);
        }
    }

    [Fact]
    public void Questions_ToStrangersThatNeverAnswer_AreFew()
    {
        AwaitPeers();
        int before = Hellos();
        long strangers = Outcome(AuthenticationOutcome.UnknownInstance);
        for (int round = 0; round < 1000; round++)
        {
            Put(Signed(Messages.Of(Entries.Tcp(1)), 0, new Trailer((uint)(0x1000 + round), 5, 1, TrailerType.Signed), Keys.Of(1)));
            _bed.Pass(1);
        }

        // One each 320 ms, and at first more often; beside those to the peer that beats.
        Assert.InRange(Hellos() - before, 1, 16);
        Assert.Equal(1000, Outcome(AuthenticationOutcome.UnknownInstance) - strangers);
    }

    [Fact]
    public void Stranger_BehindOthersThatNeverAnswer_IsAskedAgainAtOnceWhenItsAnswersAreLost()
    {
        _bed.A.Loses = _ => true;
        for (int round = 0; round < 3000; round++)
        {
            Put(Signed(Messages.Of(Entries.Tcp(1)), 0, new Trailer(0x1000, 5, 1, TrailerType.Signed), Keys.Of(1)));
            _bed.Pass(1);
        }

        int lost = 0;
        _bed.A.Loses = kind => kind == ControlKind.HelloAck && lost++ < 3;
        _bed.A.Open(1, 2, 3);
        _bed.Pass(600); // A has asked B in vain, too, and asks again within 320 ms

        Assert.Equal(3, _bed.B.Table.Count);
    }

    [Fact]
    public void Questions_ToOneThatNeverAnswers_KeepTheirLongGaps()
    {
        AwaitPeers();
        int before = Hellos();
        for (int round = 0; round < 10_000; round++)
        {
            Put(Signed(Messages.Of(Entries.Tcp(1)), 0, new Trailer(0x1000, 5, 1, TrailerType.Signed), Keys.Of(1)));
            _bed.Pass(1);
        }

        // One each 320 ms, and at first more often; beside those to the peer that beats.
        Assert.InRange(Hellos() - before, 1, 48);
    }

    [Fact]
    public void Answers_ToStrangersThatAsk_AreFew()
    {
        AwaitPeers();
        int before = _bed.B.Sent.Count(kind => kind == ControlKind.HelloAck);
        for (int round = 0; round < 2000; round++)
            Put(Hello((uint)(0x1000 + round)));
        _bed.Pass(10);

        Assert.InRange(_bed.B.Sent.Count(kind => kind == ControlKind.HelloAck) - before, 1, FlowConstants.MaxPeers + 8);
    }

    [Theory]
    [InlineData("unsigned", true)]
    [InlineData("kernel", true)]
    [InlineData("other secret", false)]
    [InlineData("flipped", false)]
    public void Sign_BelievesWhatIsNotSigned_AndRefusesWhatIsSignedWrong(string what, bool isBelieved)
    {
        using var bed = new ExtensionBed(keys: (Keys.Ring(false, Keys.Of(1)), Keys.Ring(false, Keys.Of(1))));
        byte[] plain = Messages.Of(Entries.Tcp(77));
        byte[] datagram = what switch
        {
            "unsigned" => Signed(plain, 0, new Trailer(0xE, 1, 0, TrailerType.Unsigned), null),
            "kernel" => plain,
            "other secret" => Signed(plain, 0, new Trailer(0xE, 1, 1, TrailerType.Signed), Keys.Of(1, seed: 5)),
            _ => Flipped(Signed(plain, 0, new Trailer(0xE, 1, 1, TrailerType.Signed), Keys.Of(1))),
        };

        bed.B.Put(datagram);
        bed.B.Step();

        Assert.Equal(isBelieved ? 1 : 0, bed.B.Table.Count);
    }

    [Fact]
    public void Sign_SignedMessageOfWhichALengthWasChanged_IsNotReadAsAKernels()
    {
        using var bed = new ExtensionBed(keys: (Keys.Ring(false, Keys.Of(1)), Keys.Ring(false, Keys.Of(1))));
        byte[] space = new byte[512];
        var writer = IpvsSync.Protocol.Wire.MessageWriter.Start(space, IpvsSync.Protocol.Wire.SyncVersion.V1, 0);
        writer.TryWrite(Entries.Tcp(1));
        writer.TryWrite(Entries.Tcp(2));
        byte[] datagram = Sealed(space, writer.Length, new Trailer(0xE, 1, 1, TrailerType.Signed), Keys.Of(1), lane: 0);
        datagram[writer.LastEntryStart + 3] ^= 0x40;

        bed.B.Put(datagram);
        bed.B.Step();

        Assert.Equal(0, bed.B.Table.Count);
        Assert.Equal(1, bed.B.Outcomes[(int)AuthenticationOutcome.Malformed]);
    }

    [Fact]
    public void Sign_KernelsMessageThatEndsLikeASignedOne_IsAKernels()
    {
        using var bed = new ExtensionBed(keys: (Keys.Ring(false, Keys.Of(1)), Keys.Ring(false, Keys.Of(1))));
        byte[] plain = Messages.Of(Entries.Tcp(77) with { Real = IpvsSync.Protocol.Address.FromIPv4(0x0A000102) });
        Assert.Equal(1, TagKey.IdIn(plain));

        bed.B.Put(plain);
        bed.B.Step();

        Assert.Equal(1, bed.B.Table.Count);
        Assert.Equal(1, bed.B.Outcomes[(int)AuthenticationOutcome.Unsigned]);
    }

    [Fact]
    public void Forged_ManyAddressesAtOnce_TakeNoPlaceOfAPeer()
    {
        var ledger = new OutcomeLedger();
        for (uint address = 1; address <= 500; address++)
            ledger.Note(new IpvsSync.Linux.SourceAddress(address, false), 1, AuthenticationOutcome.WrongTag, nowMs: address);
        ledger.Note(new IpvsSync.Linux.SourceAddress(1000, false), 1, AuthenticationOutcome.Good, nowMs: 501);

        IReadOnlyList<PeerOutcomes> peers = PeerOutcomes.Of([ledger]);
        Assert.Equal(FlowConstants.MaxPeers + 1, peers.Count);
        Assert.Contains(peers, peer => peer.Source?.Number == 1000 && peer[AuthenticationOutcome.Good] == 1);
        Assert.Equal("others", peers[^1].Name);
    }

    private long Outcome(AuthenticationOutcome outcome) => _bed.B.Outcomes[(int)outcome];

    private int Hellos() => _bed.B.Sent.Count(kind => kind == ControlKind.Hello);

    private void AwaitPeers()
    {
        _bed.A.Open(1);
        _bed.B.Open(2);
        _bed.Pass(150);
        Assert.True(_bed.A.Extensions.Windows.IsVouched(0xB, out _));
        Assert.True(_bed.B.Extensions.Windows.IsVouched(0xA, out _));
    }

    private void Put(byte[] datagram)
    {
        _bed.B.Put(datagram);
        _bed.B.Step();
    }

    /// <summary>A message with entries that a side has sent.</summary>
    private static byte[] Numbered(ExtensionBed.Side side)
    {
        side.Open(50 + side.SentBytes.Count);
        return side.SentBytes.Last(datagram => !IsControl(datagram));
    }

    private static byte[] Hello(uint instance)
    {
        byte[] space = new byte[128];
        var writer = ControlWriter.Start(space, 5, ControlKind.Hello);
        writer.TryWriteUInt64(ControlField.Nonce, instance);
        return Sealed(space, writer.Length, new Trailer(instance, 0, 1, TrailerType.Signed), Keys.Of(1), lane: 0);
    }

    /// <summary>A message with one connection of its own, under a trailer.</summary>
    private static byte[] Signed(byte[] message, int number, Trailer trailer, SecretKey? key, byte lane = 0)
    {
        byte[] plain = Messages.Of(Entries.Tcp(900 + number));
        byte[] space = new byte[Math.Max(message.Length, plain.Length) + 24];
        plain.CopyTo(space, 0);
        return Sealed(space, plain.Length, trailer, key, lane);
    }

    private static byte[] Sealed(byte[] space, int length, Trailer trailer, SecretKey? key, byte lane)
    {
        byte[] whole = space[..Trailer.Append(space, length, trailer)];
        if (key is null)
            return whole;
        using var tags = new TagKey(key);
        tags.Seal(whole, lane);
        return whole;
    }

    private static byte[] Flipped(byte[] datagram)
    {
        datagram[20] ^= 4;
        return datagram;
    }

    private static bool IsControl(byte[] datagram) => Trailer.TryFind(datagram, out _, out int start) && ControlReader.TryOpen(datagram, start, out _);

    private static bool IsKind(byte[] datagram, ControlKind kind)
        => Trailer.TryFind(datagram, out _, out int start) && ControlReader.TryOpen(datagram, start, out ControlReader control) && control.Kind == kind;
}
