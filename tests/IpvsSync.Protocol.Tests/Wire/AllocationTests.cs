using IpvsSync.Protocol.Wire;

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
