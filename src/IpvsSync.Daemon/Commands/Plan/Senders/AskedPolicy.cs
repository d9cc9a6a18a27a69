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
    private readonly Slots<Memory> _memories = new();
    private long _walkSent;

    /// <summary>Starts the memory of a new connection.</summary>
    public void Create(in DirectorEvent created)
    {
        _memories.Reach(created.Id);
        _memories[created.Id] = default;
        _memories[created.Id].Sync = SyncMemory.AtCreation(created.AtMs);
    }

    /// <summary>Whether the connection is sent now.</summary>
    public bool IsSent(in DirectorEvent asked)
    {
        bool isFromBelow = asked.Facts.IsTemplate && asked.Walk != 0;
        if (isFromBelow && settings.Version == SyncVersion.V0 && _walkSent != asked.Walk)
            return false;
        int packets = PacketsOf(asked);
        SyncMemory memory = _memories[asked.Id].Sync;
        SyncVerdict verdict = SyncPolicy.Decide(asked.Facts, packets, asked.AtMs, settings, ref memory);
        _memories[asked.Id].Sync = memory;
        if (!verdict.IsSend())
            return false;
        _walkSent = asked.Walk;
        return true;
    }

    private int PacketsOf(in DirectorEvent asked)
    {
        if (asked.Walk == 0)
            return settings.Threshold;
        return asked.Facts.IsTemplate ? ++_memories[asked.Id].Packets : asked.Packets;
    }

    /// <summary>What is kept of a connection, in 12 bytes: a plan has at most 10^9 milliseconds.</summary>
    private struct Memory
    {
        public int Packets;
        private uint _endTime;
        private ushort _sentState;

        public SyncMemory Sync
        {
            readonly get => new(_endTime, _sentState);
            set => (_endTime, _sentState) = ((uint)value.EndTime, value.SentState);
        }
    }
}
