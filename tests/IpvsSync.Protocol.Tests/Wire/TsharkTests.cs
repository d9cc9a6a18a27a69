using IpvsSync.Protocol.Wire;

namespace IpvsSync.Protocol.Tests.Wire;

/// <summary>
/// Wireshark agrees with us on every field that it decodes, of the kernel's messages and of ours. It knows no options of version
/// 1 and takes them for the next entry, so an entry with options comes last here; and it takes sequence data of version
/// 0 for network order (spec §1.3). Skipped where tshark is not installed.
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

    // Ten entries without options, and then, in version 1, up to the first with some.
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
