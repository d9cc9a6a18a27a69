using IpvsSync.Protocol.Wire;

namespace IpvsSync.Protocol.Tests.Wire;

/// <summary>The content of a message while and after it is filled (spec §1.1, §2.1, §2.4, §2.7).</summary>
public sealed class MessageWriterTests
{
    [Theory]
    [InlineData(SyncVersion.V0, "00050004")]
    [InlineData(SyncVersion.V1, "0005000800010000")]
    public void Start_DirtyBuffer_WritesAnEmptyMessage(SyncVersion version, string expected)
    {
        byte[] buffer = Dirty(100);
        var writer = MessageWriter.Start(buffer, version, 5);

        Assert.Equal(expected, Convert.ToHexString(buffer[..writer.Length]));
        Assert.Equal((0, version), (writer.Count, writer.Version));
    }

    [Theory]
    [InlineData(SyncVersion.V0, 3)]
    [InlineData(SyncVersion.V1, 7)]
    public void Start_NoRoomForTheHeader_Throws(SyncVersion version, int length) =>
        Assert.Throws<ArgumentException>(() => { MessageWriter.Start(new byte[length], version, 5); });

    [Theory]
    [InlineData(SyncVersion.V0)]
    [InlineData(SyncVersion.V1)]
    public void TryReplace_EntryOfTheSameLength_ChangesThatOneAlone(SyncVersion version)
    {
        byte[] expected = Three(version, middle: Sample.Tcp(2) with { State = ConnectionState.IP_VS_TCP_S_FIN_WAIT });
        byte[] buffer = Three(version, middle: Sample.Tcp(2));
        var writer = MessageWriter.Resume(buffer);

        Assert.True(writer.TryReplace(1, Sample.Tcp(2) with { State = ConnectionState.IP_VS_TCP_S_FIN_WAIT }));
        Assert.Equal(Convert.ToHexString(expected), Convert.ToHexString(buffer));
    }

    [Fact]
    public void TryReplace_AnotherLengthOrWhatNoMessageCanCarry_IsRefusedAndChangesNothing()
    {
        foreach (SyncVersion version in (SyncVersion[])[SyncVersion.V0, SyncVersion.V1])
        {
            byte[] buffer = Three(version, middle: Sample.Tcp(2));
            byte[] before = [.. buffer];
            var writer = MessageWriter.Resume(buffer);

            Assert.False(writer.TryReplace(
                1, Sample.Tcp(2) with { HasSequence = true, Flags = ConnectionFlags.IP_VS_CONN_F_OUT_SEQ }));
            Assert.False(writer.TryReplace(1, Sample.IPv6(2)));
            Assert.False(writer.TryReplace(3, Sample.Tcp(2)));
            Assert.False(writer.TryReplace(-1, Sample.Tcp(2)));
            Assert.False(writer.TryReplace(1, Sample.Tcp(2) with { Flags = ConnectionFlags.IP_VS_CONN_F_ONE_PACKET }));
            Assert.Equal(before, buffer);
        }
    }

    [Fact]
    public void TryReplace_AfterAPaddedEntry_FindsItsPlace()
    {
        byte[] buffer = new byte[200];
        var writer = MessageWriter.Start(buffer, SyncVersion.V1, 5);
        writer.TryWrite(Sample.Tcp(1), new PersistenceData("sip"u8, "abc"u8));
        Assert.Equal(Refusal.None, writer.TryWrite(Sample.Tcp(2)));

        Assert.Equal(0, writer.LastEntryStart % 4);
        Assert.True(writer.TryReplace(1, Sample.Tcp(2) with { Timeout = 77 }));
        Assert.Equal([Sample.Tcp(1).Timeout, 77], Outcome.ReadAll(buffer.AsSpan(0, writer.Length)).Select(outcome => outcome.Entry.Timeout));
    }

    [Theory]
    [InlineData(SyncVersion.V0, false)]
    [InlineData(SyncVersion.V1, false)]
    [InlineData(SyncVersion.V1, true)]
    public void TryReplace_AnotherConnection_IsRefusedAndChangesNothing(SyncVersion version, bool isWide)
    {
        ConnectionEntry entry = isWide ? Sample.IPv6(2) : Sample.Tcp(2);
        byte[] buffer = new byte[200];
        var writer = MessageWriter.Start(buffer, version, 5);
        Assert.Equal(Refusal.None, writer.TryWrite(entry));
        byte[] before = [.. buffer];
        ConnectionKey key = entry.Key;
        ConnectionKey[] others =
        [
            key with { ClientPort = (ushort)(key.ClientPort + 1) }, key with { VirtualPort = (ushort)(key.VirtualPort + 1) },
            key with { Client = Other(key.Client) }, key with { Virtual = Other(key.Virtual) }, key with { Protocol = IpProtocol.Udp },
            key with { IsTemplate = true },
        ];

        foreach (ConnectionKey other in others)
            Assert.False(writer.TryReplace(0, entry with { Key = other, State = 0 }), other.ToString());
        Assert.Equal(before, buffer);
        Assert.True(writer.TryReplace(0, entry with { RealPort = 99 }));

        Address Other(Address address)
        {
            Span<byte> bytes = stackalloc byte[isWide ? 16 : 4];
            address.CopyTo(bytes);
            bytes[^1] ^= 1;
            return Address.FromBytes(bytes);
        }
    }

    [Theory]
    [InlineData(SyncVersion.V0, false, 1472, 61)]
    [InlineData(SyncVersion.V0, false, 1452, 60)]
    [InlineData(SyncVersion.V1, false, 1472, 40)]
    [InlineData(SyncVersion.V1, false, 1444, 39)]
    [InlineData(SyncVersion.V1, true, 1472, 20)]
    [InlineData(SyncVersion.V1, true, 1444, 19)]
    [InlineData(SyncVersion.V1, false, 44, 1)]
    [InlineData(SyncVersion.V1, false, 43, 0)]
    [InlineData(SyncVersion.V0, false, 28, 1)]
    [InlineData(SyncVersion.V0, false, 27, 0)]
    [InlineData(SyncVersion.V0, false, 70000, 255)]
    [InlineData(SyncVersion.V1, true, 70000, 255)]
    public void TryWrite_UntilFull_HoldsAsManyAsTheKernel(SyncVersion version, bool isIPv6, int size, int expected)
    {
        byte[] buffer = Dirty(size);
        var writer = MessageWriter.Start(buffer, version, 5);
        ushort port = 1;
        while (writer.TryWrite(isIPv6 ? Sample.IPv6(port) : Sample.Tcp(port)) == Refusal.None) port++;

        Assert.Equal((expected, Refusal.Full), (writer.Count, writer.TryWrite(isIPv6 ? Sample.IPv6(port) : Sample.Tcp(port))));
        List<Outcome> outcomes = expected == 0 ? [] : Outcome.ReadAll(buffer.AsSpan(0, writer.Length));
        Assert.Equal(Enumerable.Range(1, expected), outcomes.Select(outcome => (int)outcome.Entry.Key.ClientPort));
        Assert.All(outcomes, outcome => Assert.Equal(Refusal.None, outcome.Refusal));
    }

    [Fact]
    public void TryWrite_BufferOver65535_NeverOverflowsTheSize()
    {
        byte[] buffer = Dirty(70000);
        var writer = MessageWriter.Start(buffer, SyncVersion.V1, 5);
        byte[] key = new byte[255];
        while (writer.TryWrite(Sample.IPv6(1), new PersistenceData("0123456789abcdef"u8, key)) == Refusal.None) continue;

        Assert.Equal(188, writer.Count);
        Assert.InRange(writer.Length, 65000, 65535);
        Assert.Equal(188, Outcome.Refusals(buffer.AsSpan(0, writer.Length)).Count(refusal => refusal == Refusal.None));
    }

    [Theory]
    [InlineData(SyncVersion.V0)]
    [InlineData(SyncVersion.V1)]
    public void Resume_WriterPerEntry_GivesTheSameBytes(SyncVersion version)
    {
        byte[] once = Dirty(400);
        var whole = MessageWriter.Start(once, version, 5);
        byte[] buffer = Dirty(400);
        MessageWriter.Start(buffer, version, 5);
        for (ushort port = 1; port <= 4; port++)
        {
            Assert.Equal(Refusal.None, whole.TryWrite(Sample.Tcp(port)));
            var writer = MessageWriter.Resume(buffer);
            Assert.Equal((version, port - 1), (writer.Version, writer.Count));
            Assert.Equal(Refusal.None, writer.TryWrite(Sample.Tcp(port)));
            Assert.Equal(port, Outcome.ReadAll(buffer.AsSpan(0, writer.Length)).Count);
        }

        Assert.Equal(once, buffer);
    }

    [Fact]
    public void Resume_EmptyV0BeforeBytesThatLookLikeV1_StaysV0()
    {
        byte[] buffer = [0, 0, 0, 0, 1, 1, 0, 0, .. new byte[40]];
        MessageWriter.Start(buffer, SyncVersion.V0, 5);

        Assert.Equal(SyncVersion.V0, MessageWriter.Resume(buffer).Version);
    }

    [Theory]
    [InlineData("")]
    [InlineData("000500")]
    [InlineData("00050003")]
    [InlineData("00050005")]
    public void Resume_NoMessageInTheBuffer_Throws(string hex) =>
        Assert.Throws<ArgumentException>(() => { MessageWriter.Resume(Convert.FromHexString(hex)); });

    [Theory]
    [InlineData(1, 3)]
    [InlineData(2, 2)]
    [InlineData(3, 1)]
    [InlineData(4, 0)]
    public void TryWrite_AfterAnOddEntry_PadsWithZeros(int keyLength, int padding)
    {
        byte[] buffer = Dirty(200);
        var writer = MessageWriter.Start(buffer, SyncVersion.V1, 5);
        Assert.Equal(Refusal.None, writer.TryWrite(Sample.Tcp(1), new PersistenceData("abcd"u8, "1234"u8[..keyLength])));
        int end = writer.Length;
        Assert.Equal(8 + 36 + 2 + keyLength + 2 + 4, end);

        Assert.Equal(Refusal.None, writer.TryWrite(Sample.Tcp(2)));

        Assert.Equal(end + padding + 36, writer.Length);
        Assert.All(buffer[end..(end + padding)], value => Assert.Equal(0, value));
        Assert.Equal([Refusal.None, Refusal.None], Outcome.Refusals(buffer.AsSpan(0, writer.Length)));
    }

    [Fact]
    public void TryWrite_Full_LeavesTheBufferAsItWas()
    {
        byte[] buffer = Dirty(100);
        var writer = MessageWriter.Start(buffer, SyncVersion.V1, 5);
        Assert.Equal(Refusal.None, writer.TryWrite(Sample.Tcp(1), new PersistenceData("sip"u8, "1"u8)));
        byte[] before = [.. buffer];

        Assert.Equal(Refusal.Full, writer.TryWrite(Sample.IPv6(2)));

        Assert.Equal(before, buffer);
    }

    [Fact]
    public void TryWriteTrailer_AnyMessage_EndsIt()
    {
        byte[] buffer = Dirty(100);
        var writer = MessageWriter.Start(buffer, SyncVersion.V1, 5);
        Assert.Equal(Refusal.None, writer.TryWrite(Sample.Tcp(1)));

        Assert.False(writer.TryWriteTrailer(new byte[57]));
        Assert.True(writer.TryWriteTrailer("hello"u8));

        Assert.Equal(49, writer.Length);
        Assert.Equal(Refusal.Full, writer.TryWrite(Sample.Tcp(2)));
        Assert.False(writer.TryWriteTrailer("again"u8));
        var reader = new MessageReader(buffer.AsSpan(0, writer.Length), default);
        while (reader.Read(out _)) Assert.Equal(Refusal.None, reader.Refusal);
        Assert.Equal("hello"u8, reader.Trailer);
    }

    [Fact]
    public void TryWriteTrailer_V0WithoutEntries_IsRefused()
    {
        var writer = MessageWriter.Start(Dirty(100), SyncVersion.V0, 5);

        Assert.False(writer.TryWriteTrailer("hello"u8));
        Assert.Equal(4, writer.Length);
    }

    private static byte[] Dirty(int length)
    {
        byte[] buffer = new byte[length];
        Array.Fill(buffer, (byte)0xEE);
        return buffer;
    }

    /// <summary>A message of three entries.</summary>
    private static byte[] Three(SyncVersion version, in ConnectionEntry middle)
    {
        byte[] buffer = new byte[200];
        var writer = MessageWriter.Start(buffer, version, 5);
        writer.TryWrite(Sample.Tcp(1));
        writer.TryWrite(middle);
        writer.TryWrite(Sample.Tcp(3));
        return buffer[..writer.Length];
    }
}
