using System.Net;
using IpvsSync.Protocol.Wire;
using IpvsSync.Protocol.Wire.Peering;

namespace IpvsSync.Protocol.Tests.Wire.Peering;

/// <summary>
/// The examples of docs/protocol.md, made by the writers, in the page's order. Instance a1b2c3d4 has connections; c0ffee01 is its backup.
/// </summary>
internal static class Examples
{
    private const uint Master = 0xA1B2C3D4;
    private const uint Backup = 0xC0FFEE01;

    private static readonly NumberRange[] _ranges = [new(40, 1), new(42, 2)];

    private delegate void Fill(ref ControlWriter writer);

    internal static IEnumerable<(string Name, byte[] Bytes)> All()
    {
        yield return ("entries", Entries(SyncVersion.V1, new Trailer(Master, 42, 0, TrailerType.Unsigned)));
        yield return ("signed", Signed());
        yield return ("version 0", Entries(SyncVersion.V0, new Trailer(Master, 44, 0, TrailerType.Unsigned)));
        yield return ("HELLO", Control(ControlKind.Hello, Master, 0, (ref writer) =>
        {
            writer.TryWrite(ControlField.Nonce, [0x00, 0x11, 0x22, 0x33, 0x44, 0x55, 0x66, 0x77]);
            writer.TryWriteUInt32(ControlField.Echo, 7);
        }));
        yield return ("HELLO_ACK", Control(ControlKind.HelloAck, Backup, 0, (ref writer) =>
        {
            writer.TryWriteUInt32(ControlField.Target, Master);
            writer.TryWrite(ControlField.Nonce, [0x00, 0x11, 0x22, 0x33, 0x44, 0x55, 0x66, 0x77]);
            writer.TryWriteNumber(ControlField.Highest, 1000);
            writer.TryWriteUInt32(ControlField.Echo, 7);
        }));
        yield return ("BEAT", Control(ControlKind.Beat, Master, 0, (ref writer) => writer.TryWriteNumber(ControlField.Highest, 44)));
        yield return ("NACK", Control(ControlKind.Nack, Backup, 0, Ranges));
        yield return ("REPAIRED", Control(ControlKind.Repaired, Master, 45, Ranges));
        yield return ("ASK", Control(ControlKind.Ask, Backup, 0, (ref writer) =>
        {
            Run(ref writer, Master);
            writer.TryWriteByte(ControlField.Reason, 1);
            writer.TryWriteUInt64(ControlField.Cursor, 0);
        }));
        yield return ("BEGIN", Control(ControlKind.Begin, Master, 46, (ref writer) =>
        {
            Run(ref writer, Backup);
            writer.TryWriteUInt64s(ControlField.Counts, [100_000, 12]);
        }));
        yield return ("CREDIT", Control(ControlKind.Credit, Backup, 0, (ref writer) =>
        {
            Run(ref writer, Master);
            writer.TryWriteNumber(ControlField.Highest, 128);
        }));
        yield return ("END", Control(ControlKind.End, Master, 47, (ref writer) =>
        {
            Run(ref writer, Backup);
            writer.TryWriteNumber(ControlField.Highest, 2501);
            writer.TryWriteUInt64s(ControlField.Counts, [100_012]);
            writer.TryWriteByte(ControlField.Outcome, 0);
        }));
        yield return ("DIGEST", Control(ControlKind.Digest, Master, 48, (ref writer) => writer.TryWriteSums(0, [0x8899AABBCCDDEEFF, 1])));
        yield return ("DETAIL", Control(ControlKind.Detail, Backup, 12, (ref writer) =>
        {
            writer.TryWriteUInt32(ControlField.Target, Master);
            writer.TryWriteSums(64, [0x0123456789ABCDEF]);
        }));
        yield return ("TELL", Control(ControlKind.Tell, Backup, 13, (ref writer) =>
        {
            writer.TryWriteUInt32(ControlField.Target, Master);
            writer.TryWriteUInt16s(ControlField.Cells, [65, 4095]);
        }));
        yield return ("probe", Control(ControlKind.Hello, Master, 0, Probe, flags: 2));
        yield return ("unknown", Control((ControlKind)99, Master, 49, (ref writer) => writer.TryWrite((ControlField)200, [0xAA, 0xBB]), 1));
    }

    private static void Ranges(ref ControlWriter writer)
    {
        writer.TryWriteUInt32(ControlField.Target, Master);
        writer.TryWriteRanges(_ranges);
        writer.TryWriteUInt32(ControlField.Echo, 8);
    }

    private static void Probe(ref ControlWriter writer)
    {
        writer.TryWriteUInt32(ControlField.Echo, 9);
        Assert.True(writer.TryPad(writer.Length + 6));
    }

    private static void Run(ref ControlWriter writer, uint target)
    {
        writer.TryWriteUInt32(ControlField.Target, target);
        writer.TryWriteUInt32(ControlField.Run, 1);
    }

    private static byte[] Control(ControlKind kind, uint instance, ulong number, Fill fill, byte flags = 0)
    {
        byte[] buffer = new byte[200];
        var writer = ControlWriter.Start(buffer, 0, kind, flags);
        fill(ref writer);
        return buffer[..Trailer.Append(buffer, writer.Length, new Trailer(instance, number, 0, TrailerType.Unsigned))];
    }

    private static byte[] Entries(SyncVersion version, Trailer trailer)
    {
        byte[] buffer = new byte[200];
        var writer = MessageWriter.Start(buffer, version, 0);
        ConnectionEntry entry = Sample.Tcp(10002, 80, 80);
        entry = entry with
        {
            Key = entry.Key with { Client = Sample.IPv4("10.1.0.1"), Virtual = Sample.IPv4("10.1.0.100") },
            Real = Address.From(IPAddress.Parse("10.1.0.12")),
            Flags = (ConnectionFlags)0x83,
            Timeout = 920,
        };
        Assert.Equal(Refusal.None, writer.TryWrite(entry));
        return buffer[..Trailer.Append(buffer, writer.Length, trailer)];
    }

    // The page's tag is no real one: 10 to 1b.
    private static byte[] Signed()
    {
        byte[] bytes = Entries(SyncVersion.V1, new Trailer(Master, 43, 7, TrailerType.Signed));
        Assert.True(Trailer.TryFind(bytes, out _, out int start));
        for (int i = 0; i < Trailer.TagLength; i++) bytes[start + Trailer.TagOffset + i] = (byte)(0x10 + i);
        return bytes;
    }
}
