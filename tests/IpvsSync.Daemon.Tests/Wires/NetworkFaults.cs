namespace IpvsSync.Daemon.Tests.Wires;

/// <summary>What a network does to each datagram on its way to each receiver.</summary>
/// <param name="Loss">The share that is lost, 0 to 1.</param>
/// <param name="Duplication">The share that arrives twice, 0 to 1.</param>
/// <param name="Delay">How long each takes.</param>
/// <param name="Jitter">How much longer one may take, at random: datagrams overtake each other.</param>
internal sealed record NetworkFaults(double Loss = 0, double Duplication = 0, TimeSpan Delay = default, TimeSpan Jitter = default)
{
    /// <summary>Every datagram arrives once, at once and in order.</summary>
    public static readonly NetworkFaults None = new();
}
