using IpvsSync.Protocol.Wire.Peering;
using static IpvsSync.Protocol.Tests.Wire.MessageBytes;

namespace IpvsSync.Protocol.Tests.Wire.Peering;

/// <summary>Control messages: what is written, what is read, and what hostile bytes do.</summary>
public sealed class ControlMessageTests
{
    private static readonly Trailer _trailer = new(0xA1B2C3D4, 0, 0, TrailerType.Unsigned);

    [Fact]
    public void Start_WithoutFields_IsACompleteMessage()
    {
        byte[] buffer = new byte[10];
        var writer = ControlWriter.Start(buffer, 5, ControlKind.Beat, 0x80);

        Assert.Equal(10, writer.Length);
        Assert.Equal("0005000A000100000380", Convert.ToHexString(buffer));
        Assert.False(writer.TryWrite(ControlField.Nonce, []));
        Assert.Equal("0005000A000100000380", Convert.ToHexString(buffer));
    }

    [Fact]
    public void Start_NoRoomForTheHead_Throws() =>
        Assert.Throws<ArgumentException>(() => _ = ControlWriter.Start(new byte[9], 5, ControlKind.Beat).Length);

    [Fact]
    public void TryWrite_EachShape_GivesItsBytes()
    {
        byte[] buffer = new byte[200];
        var writer = ControlWriter.Start(buffer, 5, ControlKind.Nack);

        Assert.True(writer.TryWriteUInt32(ControlField.Target, 0xA1B2C3D4));
        Assert.True(writer.TryWriteNumber(ControlField.Highest, 0x010203040506));
        Assert.True(writer.TryWriteRanges([new NumberRange(1, 1), new NumberRange(0xFFFF00000000, 0xFFFF)]));
        Assert.True(writer.TryWrite(ControlField.Nonce, "01234567"u8));
        Assert.True(writer.TryWriteUInt64(ControlField.Cursor, 0x0102030405060708));
        Assert.True(writer.TryWriteByte(ControlField.Reason, 9));
        Assert.True(writer.TryWriteUInt64s(ControlField.Counts, [1, 2]));
        Assert.True(writer.TryWriteSums(64, [3]));
        Assert.True(writer.TryWriteUInt16s(ControlField.Cells, [5, 4095]));

        Assert.Equal(
            Hex(
                "0005006E 00010000 0400" +
                "010004A1B2C3D4 020006010203040506 0300100000000000010001FFFF00000000FFFF 0400083031323334353637" +
                "0600080102030405060708 07000109 08001000000000000000010000000000000002 09000A00400000000000000003 0A000400050FFF"),
            buffer[..writer.Length]);
    }

    [Fact]
    public void Read_EachShape_GivesWhatWasWritten()
    {
        byte[] buffer = new byte[200];
        var writer = ControlWriter.Start(buffer, 5, ControlKind.Nack, 3);
        NumberRange[] ranges = [new(7, 2), new(Trailer.LargestNumber, 1)];
        Assert.True(writer.TryWriteRanges(ranges));
        Assert.True(writer.TryWriteUInt32(ControlField.Target, 0xA1B2C3D4));
        Assert.True(writer.TryWriteNumber(ControlField.Highest, Trailer.LargestNumber));
        Assert.True(writer.TryWriteSums(64, [1, ulong.MaxValue]));

        ControlReader reader = Open(buffer, writer.Length);
        Assert.Equal((ControlKind.Nack, (byte)3), (reader.Kind, reader.Flags));
        ReadOnlySpan<byte> list = Next(ref reader, ControlField.Ranges);
        Assert.True(ControlValue.TryReadRange(ref list, out NumberRange range));
        Assert.Equal(ranges[0], range);
        Assert.True(ControlValue.TryReadRange(ref list, out range));
        Assert.Equal(ranges[1], range);
        Assert.False(ControlValue.TryReadRange(ref list, out _));
        Assert.True(list.IsEmpty);
        Assert.True(ControlValue.TryReadUInt32(Next(ref reader, ControlField.Target), out uint target));
        Assert.Equal(0xA1B2C3D4, target);
        Assert.True(ControlValue.TryReadNumber(Next(ref reader, ControlField.Highest), out ulong number));
        Assert.Equal(Trailer.LargestNumber, number);
        list = Next(ref reader, ControlField.Sums);
        Assert.True(ControlValue.TryTakeUInt16(ref list, out ushort cell));
        Assert.True(ControlValue.TryTakeUInt64(ref list, out ulong first));
        Assert.True(ControlValue.TryTakeUInt64(ref list, out ulong second));
        Assert.False(ControlValue.TryTakeUInt64(ref list, out _));
        Assert.Equal((64, 1ul, ulong.MaxValue), (cell, first, second));
        Assert.False(reader.Read(out _, out _));
        Assert.False(reader.IsMalformed);
    }

    [Fact]
    public void Read_UnknownKindAndField_ReturnsThem()
    {
        byte[] buffer = new byte[100];
        var writer = ControlWriter.Start(buffer, 5, (ControlKind)99);
        Assert.True(writer.TryWrite((ControlField)200, []));
        Assert.True(writer.TryWriteByte(ControlField.Reason, 1));

        ControlReader reader = Open(buffer, writer.Length);
        Assert.Equal((ControlKind)99, reader.Kind);
        Assert.True(Next(ref reader, (ControlField)200).IsEmpty);
        Assert.True(ControlValue.TryReadByte(Next(ref reader, ControlField.Reason), out byte reason));
        Assert.Equal(1, reason);
    }

    [Theory]
    [InlineData("07", 0)]
    [InlineData("0700", 0)]
    [InlineData("070001", 0)]
    [InlineData("07000201", 0)]
    [InlineData("07FFFF01", 0)]
    [InlineData("07000101 07000201", 1)]
    public void Read_FieldBeyondTheEnd_IsMalformed(string fields, int good)
    {
        byte[] message = [0, 5, 0, 0, 0, 1, 0, 0, (byte)ControlKind.Nack, 0, .. Hex(fields)];
        byte[] buffer = [.. message.Sized(), .. new byte[12]];

        ControlReader reader = Open(buffer, message.Length);
        int read = 0;
        while (reader.Read(out _, out _)) read++;

        Assert.Equal(good, read);
        Assert.True(reader.IsMalformed);
        Assert.False(reader.Read(out _, out _));
    }

    [Theory]
    [InlineData("000000000001 0000")]
    [InlineData("000000000000 0001")]
    [InlineData("FFFFFFFFFFFF 0002")]
    [InlineData("000000000001 00")]
    public void TryReadRange_NoRange_LeavesItsBytes(string hex)
    {
        byte[] bytes = Hex(hex);
        ReadOnlySpan<byte> value = bytes;

        Assert.False(ControlValue.TryReadRange(ref value, out NumberRange range));
        Assert.Equal(bytes.Length, value.Length);
        Assert.Equal(default, range);
    }

    [Fact]
    public void TryWriteRanges_WhatCannotBe_WritesNothing()
    {
        byte[] buffer = new byte[2000];
        var writer = ControlWriter.Start(buffer, 5, ControlKind.Nack);
        NumberRange[] ranges = [.. Enumerable.Repeat(new NumberRange(1, 1), NumberRange.MaxRanges + 1)];

        Assert.False(writer.TryWriteRanges(ranges));
        Assert.False(writer.TryWriteRanges([new NumberRange(0, 1)]));
        Assert.False(writer.TryWriteRanges([new NumberRange(1, 0)]));
        Assert.False(writer.TryWriteNumber(ControlField.Highest, Trailer.LargestNumber + 1));
        Assert.Equal(10, writer.Length);
        Assert.True(writer.TryWriteRanges(ranges.AsSpan(1)));
        Assert.Equal(13 + (8 * NumberRange.MaxRanges), writer.Length);
    }

    [Fact]
    public void TryWrite_MoreThanAMessageHolds_StopsWhereItsTrailerIsStillFound()
    {
        byte[] buffer = new byte[70_000];
        var writer = ControlWriter.Start(buffer, 5, ControlKind.Tell);
        while (writer.TryWrite(ControlField.Cells, new byte[2])) { }

        int length = Trailer.Append(buffer, writer.Length, _trailer with { Type = TrailerType.Signed });
        Assert.True(Trailer.TryFind(buffer.AsSpan(0, length), out _, out int start));
        Assert.Equal(writer.Length, start);
    }

    [Fact]
    public void TryOpen_WhatIsNoControlMessage_GivesNone()
    {
        byte[] entries = V1(Good);
        Assert.False(ControlReader.TryOpen(entries, entries.Length, out _));
        byte[] old = V0(Good[..72]);
        Assert.False(ControlReader.TryOpen(old, old.Length, out _));
        byte[] body = V1();
        Assert.False(ControlReader.TryOpen(body, body.Length, out _));
        body = ((byte[])[.. V1(), 1, 0, 7]).Sized();
        Assert.False(ControlReader.TryOpen(body, 9, out _));
        Assert.False(ControlReader.TryOpen(body, 12, out _));
        Assert.False(ControlReader.TryOpen(body, -1, out _));
        Assert.True(ControlReader.TryOpen(body, 10, out _));
        Assert.False(ControlReader.TryOpen(body.AsSpan(0, 10), 10, out _));
    }

    private static ControlReader Open(byte[] buffer, int length)
    {
        int extended = Trailer.Append(buffer, length, _trailer);
        Assert.True(Trailer.TryFind(buffer.AsSpan(0, extended), out Trailer trailer, out int start));
        Assert.Equal((_trailer, length), (trailer, start));
        Assert.Equal([], Outcome.Refusals(buffer.AsSpan(0, extended)));
        Assert.True(ControlReader.TryOpen(buffer.AsSpan(0, extended), start, out ControlReader reader));
        return reader;
    }

    private static ReadOnlySpan<byte> Next(ref ControlReader reader, ControlField expected)
    {
        Assert.True(reader.Read(out ControlField field, out ReadOnlySpan<byte> value));
        Assert.Equal(expected, field);
        return value;
    }
}
