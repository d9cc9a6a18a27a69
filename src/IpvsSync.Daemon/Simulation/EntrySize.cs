using IpvsSync.Protocol;
using IpvsSync.Protocol.Wire;

namespace IpvsSync.Daemon.Simulation;

/// <summary>The size of an entry on the wire.</summary>
internal static class EntrySize
{
    /// <summary>The size of the largest message with one entry, in bytes (spec §2.6).</summary>
    private const int LargestSingle = 8 + 373;

    /// <summary>The bytes of the entry in a message of that version, options included, padding not; 0 if no message can carry it.</summary>
    public static int Of(in ConnectionEntry entry, scoped PersistenceData persistence, SyncVersion version)
    {
        var message = MessageWriter.Start(stackalloc byte[LargestSingle], version, syncId: 0);
        int header = message.Length;
        message.TryWrite(entry, persistence);
        return message.Length - header;
    }
}
