using IpvsSync.Daemon.Commands.Plan.Traffic;
using IpvsSync.Daemon.Policy;
using IpvsSync.Protocol.Wire;

namespace IpvsSync.Daemon.Commands.Plan.Senders;

/// <summary>
/// The kernel's policy with its memory of every connection, applied link by link as the walk goes along the chain (spec §4.5). Its ticks
/// are milliseconds.
/// </summary>
internal sealed class AskedPolicy(SyncSettings settings)
{
    private SyncMemory[] _memories = new SyncMemory[1024];
    private int[] _packets = new int[1024];
    private long _walkSent;

    /// <summary>Starts the memory of a new connection.</summary>
    public void Create(in DirectorEvent created)
    {
        if (created.Id >= _memories.Length)
        {
            Array.Resize(ref _memories, _memories.Length * 2);
            Array.Resize(ref _packets, _packets.Length * 2);
        }

        _memories[created.Id] = SyncMemory.AtCreation(created.AtMs);
        _packets[created.Id] = 0;
    }

    /// <summary>Whether the connection is sent now.</summary>
    public bool IsSent(in DirectorEvent asked)
    {
        bool isFromBelow = asked.Facts.IsTemplate && asked.Walk != 0;
        if (isFromBelow && settings.Version == SyncVersion.V0 && _walkSent != asked.Walk)
            return false;
        SyncVerdict verdict = SyncPolicy.Decide(asked.Facts, PacketsOf(asked), asked.AtMs, settings, ref _memories[asked.Id]);
        if (!verdict.IsSend())
            return false;
        _walkSent = asked.Walk;
        return true;
    }

    private int PacketsOf(in DirectorEvent asked)
    {
        if (asked.Walk == 0)
            return settings.Threshold;
        return asked.Facts.IsTemplate ? ++_packets[asked.Id] : asked.Packets;
    }
}
