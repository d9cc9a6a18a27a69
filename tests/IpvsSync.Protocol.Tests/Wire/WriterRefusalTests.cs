using IpvsSync.Protocol.Wire;

namespace IpvsSync.Protocol.Tests.Wire;

/// <summary>The entries that a writer refuses because the version or some receivers cannot accept them (spec §9.3, §6.1).</summary>
public sealed class WriterRefusalTests
{
    private static readonly ConnectionEntry _template = Sample.Template(IpProtocol.Tcp, "198.51.100.0", "203.0.113.10", 80);

    [Theory]
    [InlineData(SyncVersion.V0)]
    [InlineData(SyncVersion.V1)]
    public void TryWrite_WhatSomeReceiverDrops_IsRefusedByName(SyncVersion version)
    {
        ConnectionEntry tcp = Sample.Tcp(1);
        Assert.Equal(Refusal.OnePacket, Write(version, tcp with { Flags = ConnectionFlags.IP_VS_CONN_F_ONE_PACKET }));
        Assert.Equal(
            Refusal.TemplateWithoutClientPort, Write(version, _template with { Flags = ConnectionFlags.IP_VS_CONN_F_NO_CPORT }));
        Assert.Equal(Refusal.TemplateStateOutOfRange, Write(version, _template with { State = 2 }));
        Assert.Equal(Refusal.StateOutOfRange, Write(version, tcp with { State = 11 }));
        Assert.Equal(Refusal.UnknownProtocol, Write(version, Sample.Of(99, 0)));
        Assert.Equal(Refusal.ClientPortMissing, Write(version, Sample.Tcp(0)));
        Assert.Equal(Refusal.None, Write(version, Sample.Tcp(0) with { Flags = ConnectionFlags.IP_VS_CONN_F_NO_CPORT }));
        Assert.Equal(Refusal.None, Write(version, _template with { State = 1 }));
    }

    [Fact]
    public void TryWrite_IPv6_IsRefusedForV0Only()
    {
        Assert.Equal(Refusal.NotIPv4ForV0, Write(SyncVersion.V0, Sample.IPv6(1)));
        Assert.Equal(Refusal.None, Write(SyncVersion.V1, Sample.IPv6(1)));
    }

    [Fact]
    public void TryWrite_SequenceFlagsWithoutData_AreRefusedForV0Only()
    {
        ConnectionEntry entry = Sample.Tcp(1) with { Flags = ConnectionFlags.IP_VS_CONN_F_IN_SEQ };

        Assert.Equal(Refusal.SequenceMissingForV0, Write(SyncVersion.V0, entry));
        Assert.Equal(Refusal.None, Write(SyncVersion.V1, entry));
    }

    [Fact]
    public void TryWrite_PersistenceDataOutOfBounds_IsRefused()
    {
        Assert.Equal(Refusal.PersistenceDataWithoutName, Write(SyncVersion.V1, _template, "", 1));
        Assert.Equal(Refusal.PersistenceNameTooLong, Write(SyncVersion.V1, _template, "seventeen letters", 1));
        Assert.Equal(Refusal.PersistenceDataTooLong, Write(SyncVersion.V1, _template, "sip", 256));
        Assert.Equal(Refusal.None, Write(SyncVersion.V1, _template, "sixteen letters!", 255));
        Assert.Equal(Refusal.None, Write(SyncVersion.V0, _template, "", 1));
    }

    [Fact]
    public void TryWrite_EngineNameWithoutData_IsLeftOut()
    {
        byte[] buffer = new byte[100];
        var writer = MessageWriter.Start(buffer, SyncVersion.V1, 5);

        Assert.Equal(Refusal.None, writer.TryWrite(_template, new PersistenceData("sip"u8, default)));
        Assert.Equal(44, writer.Length);
    }

    [Theory]
    [InlineData(SyncVersion.V0, 0xFFFFC9BFu, 0x0000C9BFu)]
    [InlineData(SyncVersion.V1, 0xFFFFC9BFu, 0xFFFFC9BFu)]
    [InlineData(SyncVersion.V1, 0x00010060u, 0x00010020u)]
    [InlineData(SyncVersion.V1, 0x00001000u, 0x00000000u)]
    public void TryWrite_Flags_AreSentButForHashedAndWhatTheKeyDecides(SyncVersion version, uint flags, uint sent)
    {
        byte[] buffer = new byte[100];
        var writer = MessageWriter.Start(buffer, version, 5);
        ConnectionEntry entry = Sample.Tcp(1) with { Flags = (ConnectionFlags)(flags & ~0x800u), HasSequence = false };

        Assert.Equal(Refusal.None, writer.TryWrite(entry));

        Assert.Equal((ConnectionFlags)(sent & ~0x800u), Outcome.ReadAll(buffer.AsSpan(0, writer.Length))[0].WireFlags);
    }

    [Theory]
    [InlineData(false, "44332211")]
    [InlineData(true, "11223344")]
    public void TryWrite_V0Sequence_IsInThePeersOrder(bool bigEndian, string expected)
    {
        byte[] buffer = new byte[100];
        var writer = MessageWriter.Start(buffer, SyncVersion.V0, 5, bigEndian);
        ConnectionEntry entry = Sample.Tcp(1) with
        {
            Flags = ConnectionFlags.IP_VS_CONN_F_IN_SEQ,
            HasSequence = true,
            Sequence = new SequenceData(0x11223344, 1, 2, 3, 4, 5),
        };

        Assert.Equal(Refusal.None, writer.TryWrite(entry));

        Assert.Equal(expected, Convert.ToHexString(buffer.AsSpan(28, 4)));
        Assert.Equal(
            entry.Sequence,
            Outcome.ReadAll(buffer.AsSpan(0, writer.Length), new ReaderOptions { V0SequenceBigEndian = bigEndian })[0].Entry.Sequence);
    }

    private static Refusal Write(SyncVersion version, ConnectionEntry entry, string engine = "", int keyLength = 0)
    {
        byte[] buffer = new byte[500];
        var writer = MessageWriter.Start(buffer, version, 5);
        Refusal refusal = writer.TryWrite(entry, new PersistenceData(System.Text.Encoding.ASCII.GetBytes(engine), new byte[keyLength]));
        Assert.Equal(refusal == Refusal.None ? 1 : 0, writer.Count);
        return refusal;
    }
}
