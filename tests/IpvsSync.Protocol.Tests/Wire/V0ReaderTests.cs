using IpvsSync.Protocol.Wire;
using static IpvsSync.Protocol.Tests.Wire.MessageBytes;

namespace IpvsSync.Protocol.Tests.Wire;

/// <summary>The receive procedure of version 0 (spec §1.6).</summary>
public sealed class V0ReaderTests
{
    private static readonly string _simple = Vectors.HexA.Replace(" ", "")[8..];
    private static readonly string _full = Vectors.HexB.Replace(" ", "")[8..];

    [Fact]
    public void Read_SimpleAndFullEntriesMixed_FindsEach()
    {
        List<Outcome> outcomes = Outcome.ReadAll(V0(_simple, _full, _simple, _full));

        Assert.Equal([4, 28, 76, 100], outcomes.Select(outcome => outcome.Offset));
        Assert.Equal([false, true, false, true], outcomes.Select(outcome => outcome.Entry.HasSequence));
    }

    [Theory]
    [InlineData(23, Refusal.V0EntryTruncated)]
    [InlineData(24, Refusal.V0SequenceTruncated)]
    [InlineData(47, Refusal.V0SequenceTruncated)]
    public void Read_SecondEntryCut_KeepsTheFirst(int bytes, Refusal expected) =>
        Assert.Equal([Refusal.None, expected], Outcome.Refusals(V0(_simple, _full[..(bytes * 2)], _simple)[..(28 + bytes)].Sized()));

    [Fact]
    public void Read_EntryRefused_GoesOnBehindItsSequenceBlock()
    {
        string refused = With(_full, (1, 99));

        Assert.Equal([Refusal.UnknownProtocol, Refusal.None], Outcome.Refusals(V0(refused, _simple)));
    }

    [Fact]
    public void Read_OnePacketWithSequence_GoesOnBehindItsSequenceBlock()
    {
        string refused = With(_full, (20, 0x26));

        Assert.Equal([Refusal.OnePacket, Refusal.None], Outcome.Refusals(V0(refused, _simple)));
    }

    [Fact]
    public void Read_ReservedByteSet_IsNotChecked() =>
        Assert.Equal([Refusal.None], Outcome.Refusals(V0(With(_simple, (0, 0xFF)))));

    [Fact]
    public void Read_BigEndianSenders_TakesTheirSequence()
    {
        SequenceData sequence = Outcome.ReadAll(V0(_full), new ReaderOptions { V0SequenceBigEndian = true })[0].Entry.Sequence;

        Assert.Equal(new SequenceData(0x44332211, 0x05000000, 0x02000000, 0x88776655, 0x05000000, 0x02000000), sequence);
    }

    [Fact]
    public void Read_BytesBehindTheLastEntry_AreTheTrailer()
    {
        byte[] message = V0(_simple, "61 62");
        message[0] = 1;
        var reader = new MessageReader(message, default);

        Assert.True(reader.Read(out _));
        Assert.False(reader.Read(out _));
        Assert.Equal("ab"u8, reader.Trailer);
    }
}
