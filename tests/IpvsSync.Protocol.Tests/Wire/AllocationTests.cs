using IpvsSync.Protocol.Wire;
using IpvsSync.Protocol.Wire.Peering;

namespace IpvsSync.Protocol.Tests.Wire;

public sealed class AllocationTests
{
    private readonly byte[] _buffer = new byte[1472];
    private readonly ConnectionEntry _tcp = Sample.Tcp(1);
    private readonly ConnectionEntry _template = Sample.Template(IpProtocol.Udp, "198.51.100.0", "203.0.113.10", 5060);

    [Theory]
    [InlineData(SyncVersion.V0)]
    [InlineData(SyncVersion.V1)]
    public void WriteAndRead_ManyMessages_AllocateNothing(SyncVersion version)
    {
        int entries = Work(version);
        long before = GC.GetAllocatedBytesForCurrentThread();

        for (int i = 0; i < 100; i++) entries += Work(version);

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.InRange(entries, 2_000, 10_000);
    }

    [Fact]
    public void TrailerAndControlMessage_Many_AllocateNothing()
    {
        int read = Speak();
        long before = GC.GetAllocatedBytesForCurrentThread();

        for (int i = 0; i < 100; i++) read += Speak();

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Equal(101 * 4, read);
    }

    private int Speak()
    {
        var writer = ControlWriter.Start(_buffer, 5, ControlKind.Nack);
        writer.TryWriteUInt32(ControlField.Target, 1);
        writer.TryWriteRanges([new NumberRange(1, 2), new NumberRange(4, 1)]);
        writer.TryWriteByte(ControlField.Reason, 1);
        int length = Trailer.Append(_buffer, writer.Length, new Trailer(1, 2, 0, TrailerType.Unsigned));
        if (!Trailer.TryFind(_buffer.AsSpan(0, length), out _, out int start)) return 0;
        if (!ControlReader.TryOpen(_buffer.AsSpan(0, length), start, out ControlReader reader)) return 0;
        int read = 0;
        while (reader.Read(out ControlField field, out ReadOnlySpan<byte> value))
        {
            if (field != ControlField.Ranges) read++;
            else while (ControlValue.TryReadRange(ref value, out _)) read++;
        }

        return read;
    }

    private int Work(SyncVersion version)
    {
        var writer = MessageWriter.Start(_buffer, version, 5);
        while (writer.TryWrite(_template, new PersistenceData("sip"u8, "a84b4c76e66710"u8)) == Refusal.None)
        {
            if (writer.TryWrite(_tcp) != Refusal.None) break;
        }

        int entries = 0;
        var reader = new MessageReader(_buffer.AsSpan(0, writer.Length), default);
        while (reader.Read(out ConnectionEntry entry)) entries += entry.Key.GetHashCode() == 0 ? 2 : 1;
        return entries;
    }
}
