using IpvsSync.Protocol;
using IpvsSync.Protocol.Wire;

namespace IpvsSync.Daemon.Simulation;

/// <summary>How long an entry is on the wire.</summary>
internal static class EntrySize
{
    /// <summary>Room for the largest message of one entry (spec §2.6).</summary>
    private const int LargestSingle = 8 + 373;

    /// <summary>Bytes of the entry in a message of that version, options included and padding not; 0 if none can carry it.</summary>
    public static int Of(in ConnectionEntry entry, scoped PersistenceData persistence, SyncVersion version)
    {
        var message = MessageWriter.Start(stackalloc byte[LargestSingle], version, syncId: 0);
        int header = message.Length;
        message.TryWrite(entry, persistence);
        return message.Length - header;
    }
}
