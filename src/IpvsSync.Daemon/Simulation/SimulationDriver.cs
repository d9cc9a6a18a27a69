namespace IpvsSync.Daemon.Simulation;

/// <summary>Lets a workload's packets pass a director, as fast as the machine goes or step by step. One thread.</summary>
internal sealed class SimulationDriver(EmbeddedDirector director, Workload workload)
{
    private Packet _packet;
    private long _atMs = -1;

    /// <summary>Packets so far, replies included.</summary>
    public long Packets { get; private set; }

    /// <summary>Everything that happens up to and including <paramref name="nowMs"/>.</summary>
    public void RunUntil(long nowMs)
    {
        while (IsPending() && _atMs <= nowMs)
        {
            director.Receive(_packet, _atMs);
            Packets++;
            _atMs = -1;
        }

        director.AdvanceTo(nowMs);
    }

    /// <summary>Whether a packet is at hand; one that is still to come waits here for the next step.</summary>
    private bool IsPending() => _atMs >= 0 || workload.Next(out _packet, out _atMs);
}
