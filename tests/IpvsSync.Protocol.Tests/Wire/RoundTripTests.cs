using FsCheck.Xunit;
using IpvsSync.Protocol.Wire;

namespace IpvsSync.Protocol.Tests.Wire;

/// <summary>Everything that a version can carry is read as it was written: 100,000 entries and more per version and run.</summary>
public sealed class RoundTripTests
{
    private const int SeedsPerRun = 1_000;
    private const int EntriesPerSeed = 100;

    [Property(MaxTest = SeedsPerRun, QuietOnSuccess = true)]
    public void Read_WhatWasWrittenInV0_IsTheSame(int seed) => RoundTrip(SyncVersion.V0, seed);

    [Property(MaxTest = SeedsPerRun, QuietOnSuccess = true)]
    public void Read_WhatWasWrittenInV1_IsTheSame(int seed) => RoundTrip(SyncVersion.V1, seed);

    private static void RoundTrip(SyncVersion version, int seed)
    {
        byte[] buffer = new byte[65535];
        var written = new List<(ConnectionEntry Entry, byte[] Engine, byte[] Data)>();
        var generator = new EntryGenerator(seed);
        var writer = MessageWriter.Start(buffer, version, 5);
        for (int i = 0; i < EntriesPerSeed; i++)
        {
            ConnectionEntry entry = generator.Next(version);
            written.Add((entry, generator.Engine, generator.Data));
            Assert.Equal(Refusal.None, writer.TryWrite(entry, new PersistenceData(generator.Engine, generator.Data)));
        }

        Compare(buffer.AsSpan(0, writer.Length), written);
    }

    private static void Compare(ReadOnlySpan<byte> message, List<(ConnectionEntry Entry, byte[] Engine, byte[] Data)> written)
    {
        var reader = new MessageReader(message, default);
        foreach ((ConnectionEntry expected, byte[] engine, byte[] data) in written)
        {
            Assert.True(reader.Read(out ConnectionEntry entry));
            Assert.Equal(Refusal.None, reader.Refusal);
            if (!entry.Equals(expected)) Assert.Equal(expected, entry);
            Assert.True(reader.Persistence.Engine.SequenceEqual(engine) && reader.Persistence.Data.SequenceEqual(data));
        }

        Assert.False(reader.Read(out _));
        Assert.True(reader.Trailer.IsEmpty);
    }
}
