using IpvsSync.Daemon.Peers;
using IpvsSync.Protocol.Wire.Peering;

namespace IpvsSync.Daemon.Tests.Receiving;

/// <summary>Control messages that nobody of this kind would send: nothing throws, nothing grows, and what follows works as before.</summary>
public sealed class ForgedControlTests
{
    private const int Messages = 100_000;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Receive_RandomControlMessages_LeavesThePairWhole(int seed)
    {
        var random = new Random(seed);
        using var bed = new ExtensionBed(messageSize: 1400);
        bed.A.Open(Enumerable.Range(0, 100));
        bed.Pump();
        byte[] message = new byte[1472];
        for (int i = 0; i < Messages; i++)
        {
            int length = Forge(random, message);
            (random.Next(2) == 0 ? bed.A : bed.B).Put(message.AsSpan(0, length));
            if (i % 16 == 0)
                bed.Pump();
            if (i % 1000 == 0)
                bed.Pass(10);
        }

        Assert.InRange(bed.B.Extensions.Windows.Snapshots.Count, 1, FlowConstants.MaxPeers);
        Assert.InRange(bed.A.Extensions.Held.Last.Count, 0, FlowConstants.MaxPeers);
        bed.A.Open(Enumerable.Range(1000, 100));
        bed.Pass(5000);
        bed.A.Table.Sweep();
        bed.Pass(5000);
        Assert.Equal(200, bed.B.Table.Count);
    }

    [Fact]
    public void Receive_NackForEverything_TellsEachRecordOnce()
    {
        using var bed = new ExtensionBed();
        bed.A.Loses = kind => kind is null;
        bed.A.Open(Enumerable.Range(0, 300));
        bed.A.Loses = _ => false;
        bed.B.Loses = kind => kind == ControlKind.Nack;
        bed.Pass(FlowConstants.NackAfterMs);
        byte[] message = new byte[1472];
        for (int i = 0; i < 1000; i++)
        {
            bed.A.Put(message.AsSpan(0, Nack(message)));
            bed.Pump();
        }

        Assert.Equal(300, bed.A.Extensions.Repair.Entries);
        Assert.Equal(300, bed.B.Table.Count);
    }

    private static int Nack(byte[] message)
    {
        var writer = ControlWriter.Start(message, 5, ControlKind.Nack);
        writer.TryWriteUInt32(ControlField.Target, 0xA);
        var ranges = new NumberRange[NumberRange.MaxRanges];
        Array.Fill(ranges, new NumberRange(1, ushort.MaxValue));
        writer.TryWriteRanges(ranges);
        return Trailer.Append(message, writer.Length, new Trailer(0xC, 0, 0, TrailerType.Unsigned));
    }

    /// <summary>A message of a random kind and instance, with fields whose values are nearly right.</summary>
    private static int Forge(Random random, byte[] message)
    {
        var writer = ControlWriter.Start(message, 5, (ControlKind)random.Next(14), (byte)random.Next(3));
        for (int fields = random.Next(4); fields > 0; fields--)
        {
            switch (random.Next(8))
            {
                case 0:
                    writer.TryWriteUInt32(ControlField.Target, (uint)random.Next(0xA, 0xD));
                    break;
                case 1:
                    writer.TryWriteNumber(ControlField.Highest, random.Next(4) == 0 ? Trailer.LargestNumber : (ulong)random.Next(1000));
                    break;
                case 2:
                    writer.TryWriteRanges([new NumberRange((ulong)random.Next(1, 300), (ushort)random.Next(1, ushort.MaxValue))]);
                    break;
                case 3:
                    writer.TryWriteSums((ushort)random.Next(5000), new ulong[random.Next(70)]);
                    break;
                case 4:
                    writer.TryWriteUInt16s(ControlField.Cells, [(ushort)random.Next(), (ushort)random.Next(CellSum.Cells)]);
                    break;
                case 5:
                    writer.TryWriteUInt64s(ControlField.Counts, [ulong.MaxValue, 1, 2, (ulong)random.Next()]);
                    break;
                default:
                    byte[] value = new byte[random.Next(40)];
                    random.NextBytes(value);
                    writer.TryWrite((ControlField)random.Next(14), value);
                    break;
            }
        }

        // Not the instances of the pair: whoever may speak in their names can do as they can.
        ulong number = random.Next(3) == 0 ? (ulong)random.NextInt64(1, (long)Trailer.LargestNumber) : (ulong)random.Next(100);
        return Trailer.Append(message, writer.Length, new Trailer((uint)random.Next(100, 300), number, 0, TrailerType.Unsigned));
    }
}
