using System.Globalization;
using System.Net;
using IpvsSync.Daemon.Kernel;
using IpvsSync.Linux.Tun;
using IpvsSync.Protocol;

namespace IpvsSync.Benchmarks;

/// <summary>
/// A long life of the pusher, accelerated: one push after another into a real TUN interface, with the echo that the kernel's master would
/// send. The memory and descriptors of the process must not grow after the first quarter. There is no IPVS in it;
/// <c>tests/lab/run pushes</c> shows what the kernel's table does. Needs a network namespace of its own.
/// </summary>
internal static class PushLife
{
    private const int Rounds = 4;
    private const int MostGrowthKb = 512;
    private const int Lines = 12;

    /// <summary>The number of lines after which the runtime has compiled everything.</summary>
    private const int SettlingLines = 3;

    /// <summary>The runtime itself opens a file or two for a moment. A leak of one per million pushes is more.</summary>
    private const int MostMoreDescriptors = 4;

    private static readonly PushAddresses s_addresses = new(IPAddress.Parse("192.0.2.1"));

    /// <summary>Runs the pushes, and prints twelve lines about them.</summary>
    /// <param name="pushes">The number of pushes.</param>
    /// <returns>0 if all conditions hold, otherwise 1.</returns>
    public static int Run(long pushes)
    {
        PushBenchmarks.DemandPrivateNetwork();
        using var tun = TunDevice.Open("ipvspush0", s_addresses.Service, PushAddresses.PrefixLength);
        var lanes = new PushLaneMap(s_addresses, count: 1);
        var pacer = new PushPacer(TimeSpan.FromMilliseconds(5));
        long settledKb = 0;
        int settledDescriptors = 0;
        int mostDescriptors = 0;
        long highestKb = 0;
        long written = 0;
        // The memory for printing does not count as the pusher's.
        Print(push: 0, written);
        for (long push = 1; push <= pushes; push++)
        {
            if (pacer.IsDue(moved: true))
                written += Push(tun, lanes);
            if (push % (pushes / Lines) != 0)
                continue;
            (long kb, int descriptors) = Print(push, written);
            if (push <= pushes / Lines * SettlingLines)
                (settledKb, settledDescriptors) = (kb, descriptors);
            highestKb = Math.Max(highestKb, kb);
            mostDescriptors = Math.Max(mostDescriptors, descriptors);
        }

        int more = mostDescriptors - settledDescriptors;
        bool isGood = highestKb - settledKb <= MostGrowthKb && more <= MostMoreDescriptors && written == pushes * Rounds * 3;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{(isGood ? "PASS" : "FAIL")}: resident memory grew by {highestKb - settledKb} kB at most, descriptors by {more}; {written} packets of {pushes} pushes written"));
        return isGood ? 0 : 1;
    }

    private static int Push(TunDevice tun, PushLaneMap lanes)
    {
        PushPackets packets = lanes.For(0) ?? lanes.Candidate();
        var own = new ConnectionKey
        {
            Family = IpFamily.IPv4,
            Protocol = IpProtocol.Tcp,
            Client = Address.FromIPv4(s_addresses.Client),
            ClientPort = packets.ClientPort,
            Virtual = Address.FromIPv4(s_addresses.Number),
            VirtualPort = PushAddresses.ServicePort,
        };
        int written = 0;
        for (int round = 0; round < Rounds; round++)
        {
            foreach (byte[] packet in packets.Round)
                written += tun.TryWrite(packet) ? 1 : 0;
            for (int record = 0; record < PushPackets.RecordsPerRound; record++)
                lanes.Claim(own, lane: 0);
        }

        _ = lanes.TakeReal(0);
        return written;
    }

    private static (long Kb, int Descriptors) Print(long push, long written)
    {
        long kb = Environment.WorkingSet / 1024;
        int descriptors = Descriptors();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{push,9} pushes: {written} packets, {kb} kB resident, {GC.CollectionCount(0)} collections, {descriptors} descriptors"));
        return (kb, descriptors);
    }

    private static int Descriptors() => Directory.GetFiles($"/proc/{Environment.ProcessId}/fd").Length;
}
