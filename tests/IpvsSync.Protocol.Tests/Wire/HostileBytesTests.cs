using System.Buffers.Binary;
using IpvsSync.Protocol.Wire;

namespace IpvsSync.Protocol.Tests.Wire;

/// <summary>
/// Random and damaged messages: the reader never throws, always ends, and its results never depend on bytes after the datagram.
/// </summary>
public sealed class HostileBytesTests
{
    private const int Cases = 200_000;

#pragma warning disable CA5394 // Test data must be repeatable, not unguessable.

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Read_RandomBytes_EndsWithoutThrowing(int seed)
    {
        var random = new Random(seed);
        byte[] bytes = new byte[200];
        for (int i = 0; i < Cases; i++)
        {
            int length = random.Next(bytes.Length);
            random.NextBytes(bytes.AsSpan(0, length));
            MakePlausible(random, bytes.AsSpan(0, length));
            Check(bytes.AsSpan(0, length), random.Next(2) == 0);
        }
    }

    [Theory]
    [InlineData(3)]
    [InlineData(4)]
    public void Read_DamagedMessages_EndsWithoutThrowing(int seed)
    {
        var random = new Random(seed);
        byte[][] originals = [.. Vectors.All.Select(row => row.Data.Bytes)];
        byte[] bytes = new byte[200];
        for (int i = 0; i < Cases; i++)
        {
            byte[] original = originals[random.Next(originals.Length)];
            original.CopyTo(bytes, 0);
            int length = random.Next(3) == 0 ? random.Next(original.Length + 1) : original.Length;
            for (int damage = random.Next(1, 4); damage > 0; damage--) bytes[random.Next(original.Length)] = (byte)random.Next(256);
            if (length >= 4 && random.Next(4) != 0) BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(2), (ushort)length);
            Check(bytes.AsSpan(0, length), random.Next(2) == 0);
        }
    }

    // Most random bytes fail at the size field, so half of them get a valid header and entries with a likely length.
    private static void MakePlausible(Random random, Span<byte> bytes)
    {
        if (bytes.Length < 44 || random.Next(2) == 0) return;
        BinaryPrimitives.WriteUInt16BigEndian(bytes[2..], (ushort)bytes.Length);
        if (random.Next(2) == 0) return;
        bytes[0] = bytes[6] = bytes[7] = 0;
        bytes[5] = 1;
        bytes[8] = (byte)random.Next(2);
        bytes[10] = 0;
        bytes[11] = (byte)random.Next(30, 120);
    }
#pragma warning restore CA5394

    // Reads the message twice, in different surroundings: the results must be the same.
    private static void Check(ReadOnlySpan<byte> message, bool hardened)
    {
        ReaderProfile profile = hardened ? ReaderProfile.Hardened2026 : ReaderProfile.Kernel61176;
        ulong first = Digest(message, profile, 0x00);
        if (first != Digest(message, profile, 0xFF)) Assert.Fail("Bytes past the datagram matter: " + Convert.ToHexString(message));
    }

    private static ulong Digest(ReadOnlySpan<byte> message, ReaderProfile profile, byte surroundings)
    {
        Span<byte> arena = stackalloc byte[message.Length + 400];
        arena.Fill(surroundings);
        message.CopyTo(arena);
        var reader = new MessageReader(arena[..message.Length], new ReaderOptions { Profile = profile });
        ulong digest = 0;
        int entries = 0;
        while (reader.Read(out ConnectionEntry entry))
        {
            if (++entries > 256) Assert.Fail("No end: " + Convert.ToHexString(message));
            ulong options = (ulong)(reader.Persistence.Engine.Length + reader.Persistence.Data.Length);
            digest = (digest * 31) + entry.Key.StableHash() + entry.Timeout + entry.Sequence.OutPreviousDelta;
            digest += (ulong)reader.Refusal + options;
        }

        return (digest * 31) + (ulong)reader.Trailer.Length;
    }
}
