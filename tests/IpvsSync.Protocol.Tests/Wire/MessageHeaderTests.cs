using IpvsSync.Protocol.Wire;
using static IpvsSync.Protocol.Tests.Wire.MessageBytes;

namespace IpvsSync.Protocol.Tests.Wire;

/// <summary>The checks that decide whether a datagram is read, and as which version (spec §1.5).</summary>
public sealed class MessageHeaderTests
{
    [Theory]
    [InlineData("", Refusal.MessageTooShort)]
    [InlineData("01 05 00", Refusal.MessageTooShort)]
    [InlineData("01 05 00 05", Refusal.SizeMismatch)]
    [InlineData("01 05 04 00", Refusal.SizeMismatch)]
    [InlineData("00 05 00 04", Refusal.NoEntriesInV0)]
    [InlineData("00 05 00 07 01 01 00", Refusal.NoEntriesInV0)]
    [InlineData("00 05 00 08 01 02 00 00", Refusal.NoEntriesInV0)]
    [InlineData("00 05 00 08 01 01 00 01", Refusal.NoEntriesInV0)]
    [InlineData("00 05 00 08 01 01 01 00", Refusal.NoEntriesInV0)]
    [InlineData("00 05 00 08 01 81 00 00", Refusal.NoEntriesInV0)]
    [InlineData("01 05 00 04", Refusal.V0EntryTruncated)]
    [InlineData("01 05 00 07 00 01 00", Refusal.V0EntryTruncated)]
    [InlineData("00 05 00 08 01 01 00 00", Refusal.EntryTruncated)]
    public void Read_UnreadableDatagram_TellsWhyOnce(string hex, Refusal expected)
    {
        Assert.Equal([expected], Outcome.Refusals(Hex(hex)));
        var reader = new MessageReader(Hex(hex), default);
        while (reader.Read(out _)) Assert.True(reader.Trailer.IsEmpty);
        Assert.True(reader.Trailer.IsEmpty);
        Assert.False(reader.Read(out _));
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(5, true)]
    [InlineData(4, false)]
    public void Read_SyncId_IsCheckedUnlessZero(byte accepted, bool isRead)
    {
        Refusal expected = isRead ? Refusal.None : Refusal.OtherSyncId;

        Assert.Equal([expected], Outcome.Refusals(Hex(Vectors.HexA), new ReaderOptions { SyncId = accepted }));
        Assert.Equal([expected], Outcome.Refusals(V1(Good), new ReaderOptions { SyncId = accepted }));
    }

    [Fact]
    public void Read_OtherSyncIdAndWrongSize_TellsTheSizeFirst() =>
        Assert.Equal([Refusal.SizeMismatch], Outcome.Refusals(Hex("01 05 00 05"), new ReaderOptions { SyncId = 4 }));

    [Fact]
    public void Read_V1BodyWithByte0Set_IsReadAsV0()
    {
        byte[] message = V1(Good);
        message[0] = 1;
        var reader = new MessageReader(message, default);

        Assert.Equal(SyncVersion.V0, reader.Version);
        Assert.True(reader.Read(out _));
        Assert.Equal(Refusal.UnknownProtocol, reader.Refusal);
    }

    [Fact]
    public void Read_V0FirstProtocolOne_IsStillV0()
    {
        byte[] message = Hex(Vectors.HexA);
        message[5] = 1;

        Assert.Equal([Refusal.UnknownProtocol], Outcome.Refusals(message));
    }

    [Fact]
    public void Read_HeartbeatWithTrailer_GivesTheTrailer()
    {
        var reader = new MessageReader(Hex("00 05 00 0A 00 01 00 00 61 62"), default);

        Assert.False(reader.Read(out _));
        Assert.Equal(Refusal.None, reader.Refusal);
        Assert.Equal("ab"u8, reader.Trailer);
    }
}
