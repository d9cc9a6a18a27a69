namespace IpvsSync.Daemon.Simulation;

/// <summary>Sends a workload's packets through a director, either as fast as possible or step by step. One thread.</summary>
internal sealed class SimulationDriver(EmbeddedDirector director, Workload workload)
{
    private Packet _packet;
    private long _atMs = -1;

    /// <summary>The number of packets so far, replies included.</summary>
    public long Packets { get; private set; }

    /// <summary>Processes all packets and timers up to and including <paramref name="nowMs"/>.</summary>
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

    /// <summary>Whether a packet is available. A packet that is not due yet is kept for the next step.</summary>
    private bool IsPending() => _atMs >= 0 || workload.Next(out _packet, out _atMs);
}
