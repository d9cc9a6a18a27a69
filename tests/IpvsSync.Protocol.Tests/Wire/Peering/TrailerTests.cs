using IpvsSync.Protocol.Wire.Peering;
using static IpvsSync.Protocol.Tests.Wire.MessageBytes;

namespace IpvsSync.Protocol.Tests.Wire.Peering;

/// <summary>What stands behind the entries, and that nothing else is taken for it.</summary>
public sealed class TrailerTests
{
    private const string OddEntry = // 47 bytes
        "0011002F 00001100 00000000 13C413C4 00000000 00000168 C6336400 CB00710A 0A00000B 0204 61626364 0303 736970";

    private static readonly Trailer _signed = new(0xA1B2C3D4, 0x010203040506, 7, TrailerType.Signed);
    private static readonly Trailer _unsigned = new(0xA1B2C3D4, 0x010203040506, 0, TrailerType.Unsigned);

    public static TheoryData<Vector> Vectors => Wire.Vectors.All;

    public static TheoryData<GoldenMessage> Kernels => [.. GoldenMessage.All()];

    [Fact]
    public void Append_Unsigned_WritesTwelveBytesAndTheSize() =>
        Assert.Equal(
            Hex("00050038 01010000" + Good + "A1B2C3D4 010203040506 00 01"),
            Appended(V1(Good), _unsigned with { KeyId = 9 }));

    [Fact]
    public void Append_Signed_WritesTwentyFourBytesWithAnEmptyTag() =>
        Assert.Equal(
            Hex("00050044 01010000" + Good + "A1B2C3D4 010203040506 000000000000000000000000 07 02"),
            Appended(V1(Good), _signed));

    [Theory]
    [MemberData(nameof(Vectors))]
    public void TryFind_BehindAnyMessage_GivesWhatWasWritten(Vector vector)
    {
        byte[] message = vector.Trailer.Length == 0 ? vector.Bytes : V1(Good);
        AssertFound(message, _unsigned);
        AssertFound(message, _signed);
    }

    [Theory]
    [MemberData(nameof(Kernels))]
    public void TryFind_BehindAKernelsMessage_GivesWhatWasWritten(GoldenMessage message)
    {
        AssertFound(message.Bytes, _unsigned);
        AssertFound(message.Bytes, _signed);
    }

    [Fact]
    public void TryFind_LastEntryOfOddLength_StartsAtItsEnd() => AssertFound(V1(Good, OddEntry), _unsigned);

    [Fact]
    public void TryFind_EntriesOfSeveralLengths_WalksOverTheirPadding() =>
        AssertFound(V1(OddEntry, Good, Wire.Vectors.EntryE, OddEntry, OddEntry, Good), _signed);

    [Theory]
    [MemberData(nameof(Kernels))]
    public void TryFind_KernelsMessage_FindsNothing(GoldenMessage message) => AssertNotFound(message.Bytes);

    [Theory]
    [MemberData(nameof(Vectors))]
    public void TryFind_MessageWithoutTrailer_FindsNothing(Vector vector) => AssertNotFound(vector.Bytes);

    [Fact]
    public void TryFind_OtherLengthsBehindTheEntries_FindsNothing()
    {
        for (int length = 0; length <= 40; length++)
        {
            foreach (TrailerType type in (TrailerType[])[TrailerType.Unsigned, TrailerType.Signed])
            {
                if (length == new Trailer(0, 0, 0, type).Length) continue;
                byte[] rest = new byte[length];
                if (length > 0) rest[^1] = (byte)type;
                AssertNotFound(((byte[])[.. V1(Good), .. rest]).Sized());
                AssertNotFound(((byte[])[.. V0(V0Entry), .. rest]).Sized());
            }
        }
    }

    // Instance 0 and number 0: an entry of length 0 could be read from them.
    [Theory]
    [InlineData(TrailerType.Unsigned, 1)]
    [InlineData(TrailerType.Unsigned, 9)]
    [InlineData(TrailerType.Signed, 1)]
    public void TryFind_EntriesAnnouncedAndNone_FindsNothing(TrailerType type, byte count)
    {
        byte[] bytes = Appended(V1(), new Trailer(0, 0, 0, type));
        bytes[4] = count;
        AssertNotFound(bytes);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(255)]
    public void TryFind_UnknownType_FindsNothing(byte type)
    {
        byte[] bytes = Appended(V1(Good), _unsigned);
        bytes[^1] = type;
        AssertNotFound(bytes);
    }

    [Fact]
    public void TryFind_CutAnywhere_FindsNothing()
    {
        byte[] whole = Appended(V1(Good, Good), _signed);
        for (int length = 0; length < whole.Length; length++)
        {
            AssertNotFound(whole[..length]);
            if (length >= 4) AssertNotFound(whole[..length].Sized());
        }
    }

    [Fact]
    public void TryFind_ShorterThanItsTrailer_FindsNothing()
    {
        for (int length = 1; length < 40; length++)
        {
            byte[] bytes = new byte[length];
            bytes[^1] = (byte)TrailerType.Signed;
            if (length >= 4) AssertNotFound(((byte[])[1, .. bytes.AsSpan(1)]).Sized());
            if (length >= 8) AssertNotFound(((byte[])[0, 5, 0, 0, 1, 1, 0, 0, .. bytes.AsSpan(8)]).Sized());
        }
    }

    [Theory]
    [InlineData(35)]
    [InlineData(37)]
    [InlineData(0)]
    [InlineData(0x1024)]
    [InlineData(0xFFFF)]
    public void TryFind_WrongLengthOfAnEntry_FindsNothing(int length) =>
        AssertNotFound(Appended(V1(WithLength(Good, length), Good), _unsigned));

    // The upper four bits are the entry's version; 0x1024 would be a length that fits here.
    [Fact]
    public void TryFind_OtherVersionOfAnEntry_FindsNothing()
    {
        string entry = WithLength(Good, 0x1024) + new string('0', 2 * (0x1024 - 36));
        AssertNotFound(Appended(V1(entry), _unsigned));
    }

    [Fact]
    public void TryFind_KeyIdWithoutTag_IsNotLookedAt()
    {
        byte[] bytes = Appended(V1(Good), _unsigned);
        bytes[^2] = 9;

        Assert.True(Trailer.TryFind(bytes, out Trailer found, out _));
        Assert.Equal(_unsigned, found);
    }

    // spec §2.7: 256 entries are announced as 0, and those of a real server 10.0.0.1 end with the type of an unsigned trailer.
    [Fact]
    public void TryFind_KernelsWrappedCount_FindsNothing()
    {
        string entry = With(Good, (35, 1));
        byte[] bytes = V1([.. Enumerable.Repeat(entry, 256)]);
        Assert.Equal(0, bytes[4]);
        AssertNotFound(bytes);
        bytes = V1([.. Enumerable.Repeat(entry, 257)]);
        AssertNotFound(bytes);
    }

    [Fact]
    public void TryFind_EntryThatTheReaderRefuses_FindsTheTrailerBehindIt()
    {
        byte[] bytes = Appended(V1(Good), _unsigned);
        bytes[8] = 1;

        Assert.True(Trailer.TryFind(bytes, out Trailer found, out _));
        Assert.Equal(_unsigned, found);
    }

    [Fact]
    public void Append_WhatCannotBe_WritesNothing()
    {
        byte[] good = V1(Good);
        AssertRefused(good, good.Length, _unsigned, room: 11);
        AssertRefused(good, good.Length, _signed, room: 23);
        AssertRefused(good, good.Length, _unsigned with { Number = Trailer.LargestNumber + 1 });
        AssertRefused(good, good.Length, _unsigned with { Type = (TrailerType)3 });
        AssertRefused(good, good.Length - 1, _unsigned);
        AssertRefused(good, 0, _unsigned);
        AssertRefused(good, -12, _unsigned);
        AssertRefused(good, int.MaxValue, _unsigned);
        AssertRefused(V0(), 4, _unsigned);
    }

    [Fact]
    public void Append_LargestNumber_IsFound() => AssertFound(V1(Good), _unsigned with { Number = Trailer.LargestNumber });

    private static string V0Entry => Wire.Vectors.HexA[12..];

    private static byte[] Appended(byte[] message, Trailer trailer)
    {
        byte[] space = new byte[message.Length + 30];
        Array.Fill(space, (byte)0xEE);
        message.CopyTo(space, 0);
        int length = Trailer.Append(space, message.Length, trailer);
        Assert.Equal(message.Length + trailer.Length, length);
        Assert.Equal(0xEE, space[length]);
        return space[..length];
    }

    private static void AssertFound(byte[] message, Trailer trailer)
    {
        byte[] bytes = Appended(message, trailer);

        Assert.True(Trailer.TryFind(bytes, out Trailer found, out int start));
        Assert.Equal((trailer, message.Length), (found, start));
        Assert.Equal(Outcome.Refusals(message), Outcome.Refusals(bytes));
    }

    private static void AssertNotFound(byte[] bytes)
    {
        Assert.False(Trailer.TryFind(bytes, out Trailer found, out int start), Convert.ToHexString(bytes));
        Assert.Equal((default, 0), (found, start));
    }

    private static void AssertRefused(byte[] message, int length, Trailer trailer, int room = 24)
    {
        byte[] space = [.. message, .. new byte[room]];
        byte[] before = [.. space];

        Assert.Equal(length, Trailer.Append(space, length, trailer));
        Assert.Equal(before, space);
    }
}
