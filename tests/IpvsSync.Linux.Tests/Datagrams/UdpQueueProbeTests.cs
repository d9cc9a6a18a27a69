using System.Net;
using IpvsSync.Linux.Datagrams;
using IpvsSync.Linux.Tests.Netlink;

namespace IpvsSync.Linux.Tests.Datagrams;

public sealed class UdpQueueProbeTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Query_DatagramsWait_ShowsQueueLimitAndDrops(bool v6)
    {
        MulticastEndpoint endpoint = Loopback.Of(v6);
        using UdpReceiver receiver = MulticastReceiver.Open(endpoint, receiveBufferSize: 4096);
        using UdpSender sender = MulticastSender.Open(endpoint, loopback: true);
        using var probe = UdpQueueProbe.Open(endpoint.Interface);
        using var files = UdpQueueProbe.OpenFiles();
        Assert.Equal(0, probe.Query(endpoint.Group, endpoint.Port)!.Value.Queued);
        sender.Send(Loopback.Numbered([.. Enumerable.Repeat(1000, 50)]));
        long dropped = receiver.Dropped;
        UdpQueue queue = probe.Query(endpoint.Group, endpoint.Port)!.Value;
        Assert.InRange(queue.Queued, 1, 1_000_000);
        Assert.InRange(queue.Limit, 1, 1_000_000_000);
        Assert.Equal(dropped, queue.Drops);
        UdpQueue text = files.Query(endpoint.Group, endpoint.Port)!.Value;
        Assert.Equal((queue.Queued, queue.Drops), (text.Queued, text.Drops));
    }

    [Fact]
    public void Query_NobodyListens_IsNull()
    {
        MulticastEndpoint endpoint = Loopback.V4();
        using var probe = UdpQueueProbe.Open();
        using var files = UdpQueueProbe.OpenFiles();
        Assert.Null(probe.Query(endpoint.Group, endpoint.Port));
        Assert.Null(files.Query(endpoint.Group, endpoint.Port));
    }

    [Fact]
    public void Query_InterfaceNotGiven_FindsTheSocketAllTheSame()
    {
        MulticastEndpoint endpoint = Loopback.V4();
        using UdpReceiver receiver = MulticastReceiver.Open(endpoint);
        using var probe = UdpQueueProbe.Open();
        Assert.NotNull(probe.Query(endpoint.Group, endpoint.Port));
    }

    [Fact]
    public void Query_ByDiagnosticsAfterWarmUp_AllocatesNothing()
    {
        MulticastEndpoint endpoint = Loopback.V4();
        using UdpReceiver receiver = MulticastReceiver.Open(endpoint);
        using var probe = UdpQueueProbe.Open("lo");
        Assert.NotNull(probe.Query(endpoint.Group, endpoint.Port));
        Assert.SkipUnless(probe.UsesDiagnostics, "This kernel has no diagnostics for UDP.");
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 100; i++)
            probe.Query(endpoint.Group, endpoint.Port);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void TryQuery_KernelWithoutDiagnostics_SaysSo()
    {
        using var kernel = new FakeKernel();
        var diagnostics = new UdpQueueDiagnostics(kernel.Connection);
        kernel.Says(NetlinkBytes.Answer(1, -2)).Says(NetlinkBytes.Answer(2, -2));
        Assert.False(diagnostics.TryQuery(IPAddress.Parse("224.0.0.81"), 28848, 1, out _));
    }

    [Fact]
    public void TryQuery_ExactQuestion_IsBuiltFromTheDatagramsPointOfView()
    {
        using var kernel = new FakeKernel();
        var diagnostics = new UdpQueueDiagnostics(kernel.Connection);
        kernel.Says(Socket(1, 1, 77));
        Assert.True(diagnostics.TryQuery(IPAddress.Parse("224.0.0.81"), 28848, 1, out UdpQueue? queue));
        Assert.Equal(new UdpQueue(77, 212992, 3), queue);
        Assert.Equal(
            "48000000140001000100000000000000" + "02114000FFFFFFFF" + "000070B0" + new string('0', 32) + "E0000051" + new string('0', 24)
            + "01000000" + "FFFFFFFFFFFFFFFF",
            Convert.ToHexString(kernel.Heard()));
    }

    [Fact]
    public void TryQuery_WalkOverSeveralSockets_PrefersTheInterface()
    {
        using var kernel = new FakeKernel();
        var diagnostics = new UdpQueueDiagnostics(kernel.Connection);
        kernel.Says(NetlinkBytes.Answer(1, -2)).Says(Socket(2, 0, 1), Socket(2, 9, 2), Socket(2, 4, 3), NetlinkBytes.Done(2));
        Assert.True(diagnostics.TryQuery(IPAddress.Parse("224.0.0.81"), 28848, 4, out UdpQueue? queue));
        Assert.Equal(3, queue!.Value.Queued);
    }

    [Fact]
    public void Query_FilesOfAnotherRoot_FindsTheLine()
    {
        string root = Directory.CreateTempSubdirectory("ipvs-proc-").FullName;
        try
        {
            Directory.CreateDirectory(Path.Combine(root, "net"));
            Directory.CreateDirectory(Path.Combine(root, "sys/net/core"));
            File.WriteAllText(Path.Combine(root, "sys/net/core/rmem_default"), "212992\n");
            File.WriteAllText(Path.Combine(root, "net/udp"), """
                  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode ref pointer drops
                   35: 0101010A:8025 510000E0:49A0 01 00000000:00000000 00:00000000 00000000     0        0 196 2 00000000d41fd03e 0
                  174: 510000E0:70B0 00000000:0000 07 00000000:00000300 00:00000000 00000000     0        0 197 2 00000000ca6f5628 12
                """);
            UdpQueue? queue = new UdpQueueFiles(root).Query(IPAddress.Parse("224.0.0.81"), 28848);
            Assert.Equal(new UdpQueue(0x300, 212992, 12), queue);
            Assert.Null(new UdpQueueFiles(root).Query(IPAddress.Parse("ff02::51"), 28848));
        }
        finally
        {
            Directory.Delete(root, recursive: true);
        }
    }

    private static byte[] Socket(uint sequence, byte boundTo, byte queued)
    {
        byte[] payload = new byte[72];
        payload[0] = 2;
        payload[1] = 7;
        new byte[] { 0x70, 0xB0 }.CopyTo(payload, 4);
        new byte[] { 224, 0, 0, 81 }.CopyTo(payload, 8);
        payload[40] = boundTo;
        byte[] memory = new byte[36];
        memory[0] = queued;
        BitConverter.GetBytes(212992).CopyTo(memory, 4);
        memory[32] = 3;
        return NetlinkBytes.Message(20, sequence, [.. payload, .. NetlinkBytes.Attribute(7, memory)]);
    }
}
