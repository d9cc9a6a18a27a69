using IpvsSync.Daemon.Commands.Plan.Traffic;
using IpvsSync.Daemon.Policy;
using IpvsSync.Daemon.Simulation;
using IpvsSync.Protocol.Wire;

namespace IpvsSync.Daemon.Commands.Plan.Senders;

/// <summary>The kernel's own master with a policy: one sync thread, which packs and sends as in spec §5.</summary>
internal sealed class PlannedKernel : IPlannedSender
{
    private const int TicksPerSecond = 1000; // a tick is a millisecond
    private const int EntrySizeV0 = 24; // spec §1.2
    private const int EntrySizeV1 = 36; // spec §2.2, IPv4; the workload makes no other

    private readonly Queue<(int Id, ushort State, long TimeoutMs)> _waiting = new();
    private readonly BackupView _backup = new();
    private readonly SyncKnobs _knobs;
    private readonly SyncVersion _version;
    private readonly AskedPolicy _policy;
    private readonly KernelSender _sender;
    private readonly SentCount _sent;

    /// <summary>Makes a master with <paramref name="knobs"/> on a network.</summary>
    public PlannedKernel(SyncKnobs knobs, WireOptions wire)
    {
        _knobs = knobs;
        _version = wire.Version;
        _policy = new AskedPolicy(knobs.ToKernel(wire.Version));
        _sent = new SentCount(wire.Mtu);
        _sender = new KernelSender(0, TicksPerSecond, wire.MessageSize, wire.Version, OnSent);
    }

    /// <inheritdoc/>
    public void Take(in DirectorEvent directorEvent)
    {
        _sender.AdvanceTo(directorEvent.AtMs);
        if (directorEvent.Kind == EventKind.Created)
            _policy.Create(directorEvent);
        _backup.Take(directorEvent);
        if (directorEvent.Kind == EventKind.Asked && _policy.IsSent(directorEvent))
            Append(directorEvent);
    }

    /// <inheritdoc/>
    public PlanResult Finish(long nowMs)
    {
        _sender.AdvanceTo(nowMs + BackupView.TimeoutMs);
        _backup.Finish(nowMs);
        return PlanResult.Of(_knobs, isDaemon: false, nowMs, _sent, _backup);
    }

    private void Append(in DirectorEvent asked)
    {
        bool carriesTimeout = _version == SyncVersion.V1;
        uint timeout = KernelTimeouts.Default.Of(carriesTimeout ? asked.Entry : asked.Entry with { Timeout = 0 });
        _sender.Append(asked.AtMs, carriesTimeout ? EntrySizeV1 : EntrySizeV0);
        _waiting.Enqueue((asked.Id, asked.Entry.State, timeout * 1000L));
    }

    private void OnSent(KernelMessage message)
    {
        _sent.Add(message.Size, message.Entries);
        for (int i = 0; i < message.Entries; i++)
        {
            (int id, ushort state, long timeoutMs) = _waiting.Dequeue();
            _backup.Tell(id, state, timeoutMs, message.SentAt);
        }
    }
}
