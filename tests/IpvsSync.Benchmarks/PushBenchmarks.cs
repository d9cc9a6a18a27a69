using System.Net;
using BenchmarkDotNet.Attributes;
using IpvsSync.Daemon.Kernel;
using IpvsSync.Linux.Datagrams;
using IpvsSync.Linux.Links;
using IpvsSync.Linux.Tun;
using Microsoft.Win32.SafeHandles;

namespace IpvsSync.Benchmarks;

/// <summary>
/// The cost of the pusher, in processor time of the caller: the twelve packets of a push, written into a TUN interface, where the kernel
/// handles each within the call; the way back of its eight records, which the kernel's master sends on lo and the feed receives; one read
/// of a counter file of all processors; and, as the floor, twelve bare system calls.
/// </summary>
/// <remarks>
/// Needs a network namespace of its own, because it creates the pusher's interface: <c>unshare --net</c> before the built program. There is
/// no IPVS in it: instead of forwarding the packets, the kernel answers them with resets, which is no less work.
/// </remarks>
[MemoryDiagnoser]
[InThisProcess(warmups: 4, runs: 12)]
[MinColumn]
[MedianColumn]
public class PushBenchmarks : IDisposable
{
    private const int Rounds = 4;
    private const int Records = 8;
    private const int Operations = 10_000;
    private const int PrefixLength = 29;

    private static readonly IPAddress s_address = IPAddress.Parse("192.0.2.1");

    private readonly byte[] _text = new byte[16 << 10];
    private readonly DatagramBuffer[] _records = [.. Enumerable.Range(0, Records).Select(_ => new DatagramBuffer(KernelSettings.FeedMessageSize))];
    private readonly DatagramBuffer[] _received = [.. Enumerable.Range(0, Records).Select(_ => new DatagramBuffer(KernelSettings.FeedMessageSize))];
    private UdpSender? _master;
    private UdpReceiver? _feed;
    private PushPackets? _packets;
    private TunDevice? _tun;
    private SafeFileHandle? _nothing;
    private SafeFileHandle? _counters;

    /// <summary>The floor: the same number of system calls that do nothing with the same number of bytes.</summary>
    [Benchmark(Baseline = true, OperationsPerInvoke = Operations)]
    public void TwelveSystemCalls()
    {
        for (int round = 0; round < Rounds * Operations; round++)
        {
            foreach (byte[] packet in _packets!.Round)
                RandomAccess.Write(_nothing!, packet, 0);
        }
    }

    /// <summary>One push.</summary>
    [Benchmark(OperationsPerInvoke = Operations)]
    public void Push()
    {
        for (int round = 0; round < Rounds * Operations; round++)
        {
            foreach (byte[] packet in _packets!.Round)
                _tun!.TryWrite(packet);
        }
    }

    /// <summary>
    /// The records of one push, as messages of one record: sent one by one within one system call, and received with another.
    /// </summary>
    [Benchmark(OperationsPerInvoke = Operations)]
    public void Echo()
    {
        for (int push = 0; push < Operations; push++)
        {
            _master!.Send(_records);
            for (int received = 0; received < Records;)
                received += _feed!.Receive(_received);
        }
    }

    /// <summary>One read of a file with a line per processor, like the one of IPVS.</summary>
    [Benchmark(OperationsPerInvoke = Operations)]
    public void Look()
    {
        for (int look = 0; look < Operations; look++)
            RandomAccess.Read(_counters!, _text, 0);
    }

    /// <summary>Creates the interface.</summary>
    [GlobalSetup]
    public void Open()
    {
        DemandPrivateNetwork();
        _packets = new PushPackets(new PushAddresses(s_address), clientPort: 1024);
        _tun = TunDevice.Open("ipvspush0", s_address, PrefixLength);
        InterfaceSetup.Configure("lo", IPAddress.Loopback, IPAddress.Parse("255.0.0.0"), disableIPv6: true);
        MulticastEndpoint endpoint = LoopbackGroup.Next();
        _feed = MulticastReceiver.Open(endpoint, 1 << 20);
        _master = MulticastSender.Open(endpoint, loopback: true);
        _master.SendsRuns = false;
        foreach (DatagramBuffer record in _records)
            record.Length = KernelSettings.FeedMessageSize;
        _nothing = File.OpenHandle("/dev/null", FileMode.Open, FileAccess.Write);
        _counters = File.OpenHandle("/proc/net/softnet_stat", FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
    }

    /// <summary>Fails outside a private network namespace: the benchmark must not touch a real network.</summary>
    internal static void DemandPrivateNetwork()
    {
        if (NetworkInterfaces.Names().Any(name => name != "lo"))
            throw new InvalidOperationException("This needs a network namespace of its own: unshare --net, before the built program.");
    }

    /// <inheritdoc/>
    [GlobalCleanup]
    public void Dispose()
    {
        _tun?.Dispose();
        _master?.Dispose();
        _feed?.Dispose();
        _nothing?.Dispose();
        _counters?.Dispose();
        GC.SuppressFinalize(this);
    }
}
