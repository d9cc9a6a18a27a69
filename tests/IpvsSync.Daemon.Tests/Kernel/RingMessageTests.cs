using System.Buffers.Binary;
using IpvsSync.Daemon.Kernel;
using IpvsSync.Linux.Bpf;
using IpvsSync.Protocol;
using IpvsSync.Protocol.Wire;

namespace IpvsSync.Daemon.Tests.Kernel;

public sealed class RingMessageTests
{
    private const int TicksPerSecond = 250;

    private readonly byte[] _buffer = new byte[1400];

    [Fact]
    public void Append_ConnectionOfIPv4_IsTheMessageOfAKernel()
    {
        ConnectionEntry entry = Entries.Tcp(7, state: 4, timeout: 120) with { Fwmark = 9, Flags = ConnectionFlags.IP_VS_CONN_F_INACTIVE };
        byte[] record = FakeRing.Record(entry);
        Assert.Equal(Messages.Of(entry), Message(KernelTicks.PerSecond(), record));
    }

    [Fact]
    public void Append_SeveralConnections_AreInOrder()
    {
        byte[] message = Message(KernelTicks.PerSecond(), [.. Enumerable.Range(0, 20).Select(number => FakeRing.Record(Entries.Tcp(number)))]);
        Assert.Equal(Enumerable.Range(0, 20).Select(number => Entries.Tcp(number)), Messages.Read(message));
    }

    [Fact]
    public void Append_TimeoutInTicks_IsRoundedDown()
    {
        byte[] record = FakeRing.Record(Entries.Tcp(1));
        BinaryPrimitives.WriteUInt64LittleEndian(record, (60 * TicksPerSecond) + TicksPerSecond - 1);
        Assert.Equal(60u, Assert.Single(Messages.Read(Message(TicksPerSecond, record))).Timeout);
    }

    [Fact]
    public void Append_IPv6WithSequenceData_HasBoth()
    {
        byte[] record = FakeRing.Record(Entries.Tcp(1));
        BinaryPrimitives.WriteUInt32LittleEndian(record.AsSpan(8), 0x0600);
        record[20] = 10;
        for (int i = 0; i < 48; i++)
            record[32 + i] = (byte)(i + 1);
        for (int i = 0; i < 6; i++)
            BinaryPrimitives.WriteUInt32LittleEndian(record.AsSpan(80 + (4 * i)), (uint)(i + 100));
        ConnectionEntry entry = Assert.Single(Messages.Read(Message(TicksPerSecond, record)));
        Assert.Equal((IpFamily.IPv6, 0x0102030405060708ul, 0x1112131415161718ul), (entry.Key.Family, entry.Key.Client.High, entry.Key.Virtual.High));
        Assert.True(entry.HasSequence);
        Assert.Equal(new SequenceData(100, 101, 102, 103, 104, 105), entry.Sequence);
    }

    [Fact]
    public void Append_TemplateOfAnEngine_HasItsData()
    {
        byte[] call = [.. Enumerable.Range(0, 255).Select(i => (byte)i)];
        byte[] record = [.. FakeRing.Record(Entries.Tcp(1)), .. "sip"u8, .. new byte[13], .. call, 0];
        BinaryPrimitives.WriteUInt32LittleEndian(record.AsSpan(8), 0x1100);
        BinaryPrimitives.WriteUInt16LittleEndian(record.AsSpan(22), 255);
        BinaryPrimitives.WriteUInt16BigEndian(record.AsSpan(24), 0);
        var reader = new MessageReader(Message(TicksPerSecond, record, record), default);
        for (int i = 0; i < 2; i++)
        {
            Assert.True(reader.Read(out ConnectionEntry entry));
            Assert.Equal(Refusal.None, reader.Refusal);
            Assert.True(entry.Key.IsTemplate);
            Assert.Equal("sip"u8, reader.Persistence.Engine);
            Assert.Equal(call, reader.Persistence.Data);
        }

        Assert.False(reader.Read(out _));
    }

    private byte[] Message(int ticksPerSecond, params byte[][] records)
    {
        int size = RingMessage.Start(_buffer, 0);
        foreach (byte[] record in records)
            size = RingMessage.Append(_buffer, size, new FeedRecord(record), ticksPerSecond);
        return _buffer[..size];
    }
}
