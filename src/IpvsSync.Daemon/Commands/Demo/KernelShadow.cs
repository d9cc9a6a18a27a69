using IpvsSync.Daemon.Commands.Plan.Senders;
using IpvsSync.Daemon.Policy;
using IpvsSync.Daemon.Simulation;
using IpvsSync.Protocol;
using IpvsSync.Protocol.Wire;

namespace IpvsSync.Daemon.Commands.Demo;

/// <summary>The same traffic on a director that uses the kernel's own sync, to count what it would have sent. One thread.</summary>
internal sealed class KernelShadow
{
    private const int TicksPerSecond = 1000; // a tick is a millisecond

    private readonly KernelSender _sender;
    private readonly EmbeddedDirector _director;
    private readonly SimulationDriver _driver;

    /// <summary>Makes a kernel with <paramref name="knobs"/>.</summary>
    public KernelShadow(SyncKnobs knobs, WorkloadOptions workload, int messageSize, int mtu)
    {
        Sent = new SentCount(mtu);
        _sender = new KernelSender(0, TicksPerSecond, messageSize, SyncVersion.V1, message => Sent.Add(message.Size, message.Entries));
        _director = new EmbeddedDirector(knobs.ToKernel(SyncVersion.V1), OnSent);
        WorkloadServices.AddTo(_director);
        _driver = new SimulationDriver(_director, new Workload(workload));
    }

    /// <summary>The traffic sent so far.</summary>
    public SentCount Sent { get; }

    /// <summary>Processes everything until <paramref name="nowMs"/>.</summary>
    public void AdvanceTo(long nowMs)
    {
        _driver.RunUntil(nowMs);
        _sender.AdvanceTo(nowMs);
    }

    private void OnSent(in ConnectionEntry entry, SyncVerdict verdict) => _sender.Append(_director.Now, EntrySize.Of(entry, default, SyncVersion.V1));
}
