using IpvsSync.Protocol.Wire;

namespace IpvsSync.Protocol.Tests.Wire;

/// <summary>
/// Wireshark agrees with the reader on every field that it decodes, in the kernel's messages and in the writer's. It does not know options
/// of version 1 and treats them as the next entry, so an entry with options comes last here. It reads sequence data of version 0 in network
/// order (spec §1.3). Skipped where tshark is not installed.
/// </summary>
public sealed class TsharkTests
{
    private const int Messages = 1000;
    private const int PlainEntries = 10;

    [Fact]
    public void Dissect_KernelsMessages_Agrees() => Compare([.. GoldenMessage.All().Select(message => message.Bytes)]);

    [Theory]
    [InlineData(SyncVersion.V0, 1)]
    [InlineData(SyncVersion.V1, 2)]
    public void Dissect_OurMessages_Agrees(SyncVersion version, int seed)
    {
        var generator = new EntryGenerator(seed);

        Compare([.. Enumerable.Range(0, Messages).Select(_ => Message(generator, version))]);
    }

    private static void Compare(byte[][] messages)
    {
        Assert.SkipUnless(Tshark.IsInstalled, "tshark is not installed");

        Assert.Equal(messages.Select(TsharkRow.Of), Tshark.Dissect(messages));
    }

    // Ten entries without options and then, in version 1, further ones up to the first with options.
    private static byte[] Message(EntryGenerator generator, SyncVersion version)
    {
        byte[] buffer = new byte[1472];
        var writer = MessageWriter.Start(buffer, version, syncId: 77, v0SequenceBigEndian: true);
        bool isLast = false;
        while (!isLast)
        {
            ConnectionEntry entry = generator.Next(version);
            bool isPlain = version == SyncVersion.V0 || writer.Count < PlainEntries;
            if (isPlain && version == SyncVersion.V1) entry = entry with { HasSequence = false, Sequence = default };
            PersistenceData persistence = isPlain ? default : new PersistenceData(generator.Engine, generator.Data);
            isLast = writer.TryWrite(entry, persistence) == Refusal.Full || (!isPlain && (entry.HasSequence || !persistence.IsEmpty));
        }

        return buffer[..writer.Length];
    }
}
