using System.Net;
using System.Net.Sockets;
using IpvsSync.Linux.Datagrams;
using IpvsSync.Linux.Interop;
using IpvsSync.Linux.Tests.Netlink;

namespace IpvsSync.Linux.Tests.Datagrams;

public sealed class MulticastTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Send_Batch_ArrivesInOrderWithItsLengths(bool v6)
    {
        MulticastEndpoint endpoint = Loopback.Of(v6);
        using UdpReceiver receiver = MulticastReceiver.Open(endpoint);
        using UdpSender sender = MulticastSender.Open(endpoint, loopback: true);
        int[] lengths = [1, 1400, 7, 0, 512];
        Assert.Equal(new SendOutcome(5, 0), sender.Send(Loopback.Numbered(lengths)));

        var received = new List<(int Length, byte First)>();
        DatagramBuffer[] buffers = Loopback.Buffers(2, 2000);
        while (received.Count < lengths.Length)
        {
            int count = receiver.Receive(buffers);
            Assert.InRange(count, 1, buffers.Length);
            foreach (DatagramBuffer buffer in buffers.AsSpan(0, count))
                received.Add((buffer.Length, buffer.Length == 0 ? (byte)0 : buffer.Content[0]));
        }

        Assert.Equal([(1, 0), (1400, 1), (7, 2), (0, 0), (512, 4)], received);
    }

    [Fact]
    public void Send_MoreThanOneCallTakes_SendsAll()
    {
        MulticastEndpoint endpoint = Loopback.V4();
        using UdpReceiver receiver = MulticastReceiver.Open(endpoint, maxBatch: 3);
        using UdpSender sender = MulticastSender.Open(endpoint, loopback: true, maxBatch: 2);
        Assert.Equal(new SendOutcome(7, 0), sender.Send(Loopback.Numbered(1, 2, 3, 4, 5, 6, 7)));
        DatagramBuffer[] buffers = Loopback.Buffers(7, 10);
        Assert.Equal(3, receiver.Receive(buffers));
        Assert.Equal(3, receiver.Receive(buffers));
        Assert.Equal(1, receiver.Receive(buffers));
        Assert.Equal(7, buffers[0].Length);
    }

    [Fact]
    public void Send_OneTooLarge_LosesThatOneOnly()
    {
        MulticastEndpoint endpoint = Loopback.V4();
        using UdpReceiver receiver = MulticastReceiver.Open(endpoint);
        using UdpSender sender = MulticastSender.Open(endpoint, loopback: true);
        Assert.Equal(new SendOutcome(2, 1), sender.Send(Loopback.Numbered(1, DatagramBuffer.MaxPayload + 1, 3)));
        DatagramBuffer[] buffers = Loopback.Buffers(2, 10);
        Assert.Equal(2, receiver.Receive(buffers));
        Assert.Equal(3, buffers[1].Length);
    }

    [Fact]
    public void Send_ReceiverTakesNothing_GivesUpAndCountsTheRest()
    {
        (KernelHandle near, KernelHandle far) = FakeKernel.Pair();
        using (far)
        using (var sender = new UdpSender("near", isV6: false, near, 8))
        {
            SendOutcome outcome = sender.Send(Loopback.Numbered([.. Enumerable.Repeat(10, 1000)]));
            Assert.InRange(outcome.Sent, 1, 999);
            Assert.Equal(1000, outcome.Sent + outcome.Lost);
        }
    }

    [Fact]
    public void Send_PeerGone_CountsTheAnswerThenThrows()
    {
        (KernelHandle near, KernelHandle far) = FakeKernel.Pair();
        far.Dispose();
        using var sender = new UdpSender("near", isV6: false, near, 8);
        Assert.Equal(Errno.ENOTCONN, Assert.Throws<KernelException>(() => sender.Send(Loopback.Numbered(1))).Errno);
        Assert.Equal(1, sender.Rejections);
    }

    [Fact]
    public void Receive_LongerThanTheBuffer_IsMarkedAndCut()
    {
        MulticastEndpoint endpoint = Loopback.V4();
        using UdpReceiver receiver = MulticastReceiver.Open(endpoint);
        using UdpSender sender = MulticastSender.Open(endpoint, loopback: true);
        sender.Send(Loopback.Numbered(101, 100));
        DatagramBuffer[] buffers = Loopback.Buffers(2, 100);
        Assert.Equal(2, receiver.Receive(buffers));
        Assert.Equal((100, true), (buffers[0].Length, buffers[0].Truncated));
        Assert.Equal((100, false), (buffers[1].Length, buffers[1].Truncated));
    }

    [Fact]
    public void Open_BatchThatIsNone_LeavesNoSocketBehind()
    {
        MulticastEndpoint endpoint = Loopback.V4();
        Assert.Throws<ArgumentOutOfRangeException>(() => MulticastReceiver.Open(endpoint, maxBatch: 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => MulticastSender.Open(endpoint, maxBatch: 1025));

        // Exclusive: the bind is refused while another socket holds the port.
        using var exclusive = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp) { ExclusiveAddressUse = true };
        exclusive.Bind(new IPEndPoint(IPAddress.Any, endpoint.Port));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Shutdown_WhileReceiveWaits_WakesIt(bool v6)
    {
        using UdpReceiver receiver = MulticastReceiver.Open(Loopback.Of(v6));
        int result = -1;
        var thread = new Thread(() => result = receiver.Receive(Loopback.Buffers(4, 10)));
        thread.Start();
        SpinWait.SpinUntil(() => thread.ThreadState.HasFlag(ThreadState.WaitSleepJoin), TimeSpan.FromMilliseconds(50));
        receiver.Shutdown();
        thread.Join();
        Assert.Equal(0, result);
    }

    [Fact]
    public void Shutdown_BeforeReceive_EndsItAtOnceAndForGood()
    {
        using UdpReceiver receiver = MulticastReceiver.Open(Loopback.V4());
        receiver.Shutdown();
        receiver.Shutdown();
        Assert.Equal(0, receiver.Receive(Loopback.Buffers(4, 10)));
        Assert.Equal(0, receiver.Receive(Loopback.Buffers(4, 10)));
    }

    [Fact]
    public void Shutdown_WithDatagramsQueued_DeliversThemThenEnds()
    {
        MulticastEndpoint endpoint = Loopback.V4();
        using UdpReceiver receiver = MulticastReceiver.Open(endpoint);
        using UdpSender sender = MulticastSender.Open(endpoint, loopback: true);
        sender.Send(Loopback.Numbered(5, 6));
        receiver.Shutdown();
        DatagramBuffer[] buffers = Loopback.Buffers(8, 10);
        Assert.Equal(2, receiver.Receive(buffers));
        Assert.Equal(6, buffers[1].Length);
        Assert.Equal(0, receiver.Receive(buffers));
    }

    [Fact]
    public void Dispose_WhileReceiveWaits_WakesIt()
    {
        UdpReceiver receiver = MulticastReceiver.Open(Loopback.V4());
        int result = -1;
        var thread = new Thread(() => result = receiver.Receive(Loopback.Buffers(1, 10)));
        thread.Start();
        SpinWait.SpinUntil(() => thread.ThreadState.HasFlag(ThreadState.WaitSleepJoin), TimeSpan.FromMilliseconds(50));
        receiver.Dispose();
        thread.Join();
        Assert.Equal(0, result);
        Assert.Equal(0, receiver.Receive(Loopback.Buffers(1, 10)));
        receiver.Shutdown();
    }

    [Fact]
    public void Dropped_QueueOverflows_CountsWhatIsMissing()
    {
        MulticastEndpoint endpoint = Loopback.V4();
        using UdpReceiver receiver = MulticastReceiver.Open(endpoint, receiveBufferSize: 4096);
        using UdpSender sender = MulticastSender.Open(endpoint, loopback: true);
        DatagramBuffer[] datagrams = Loopback.Numbered([.. Enumerable.Repeat(1000, 50)]);
        Assert.Equal(50, sender.Send(datagrams).Sent);
        long dropped = receiver.Dropped;
        int received = receiver.Receive(Loopback.Buffers(50, 1000));
        Assert.InRange(dropped, 1, 49);
        Assert.Equal(50, received + dropped);
        receiver.Dispose();
        Assert.Equal(dropped, receiver.Dropped);
    }

    [Fact]
    public void SendAndReceive_AfterWarmUp_AllocateNothing()
    {
        MulticastEndpoint endpoint = Loopback.V4();
        using UdpReceiver receiver = MulticastReceiver.Open(endpoint);
        using UdpSender sender = MulticastSender.Open(endpoint, loopback: true);
        DatagramBuffer[] datagrams = Loopback.Numbered(100, 200, 300);
        DatagramBuffer[] buffers = Loopback.Buffers(3, 300);
        RoundTrips(3);
        long before = GC.GetAllocatedBytesForCurrentThread();
        RoundTrips(100);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        void RoundTrips(int count)
        {
            for (int i = 0; i < count; i++)
            {
                sender.Send(datagrams);
                for (int received = 0; received < datagrams.Length;)
                    received += receiver.Receive(buffers);
                _ = receiver.Dropped;
            }
        }
    }

    [Fact]
    public void Receive_TwoReceiversOfOneEndpoint_BothGetEverything()
    {
        MulticastEndpoint endpoint = Loopback.V4();
        using UdpReceiver first = MulticastReceiver.Open(endpoint);
        using UdpReceiver second = MulticastReceiver.Open(endpoint);
        using UdpSender sender = MulticastSender.Open(endpoint, loopback: true);
        sender.Send(Loopback.Numbered(1, 2));
        Assert.Equal(2, first.Receive(Loopback.Buffers(4, 10)));
        Assert.Equal(2, second.Receive(Loopback.Buffers(4, 10)));
    }

    [Fact]
    public void Receive_OtherGroupOfTheSamePort_IsNotHeard()
    {
        MulticastEndpoint endpoint = Loopback.V4();
        MulticastEndpoint other = endpoint with { Group = IPAddress.Parse("239.255.77.89") };
        using UdpReceiver receiver = MulticastReceiver.Open(endpoint);
        using UdpReceiver othersReceiver = MulticastReceiver.Open(other);
        using UdpSender othersSender = MulticastSender.Open(other, loopback: true);
        using UdpSender sender = MulticastSender.Open(endpoint, loopback: true);
        othersSender.Send(Loopback.Numbered(9));
        sender.Send(Loopback.Numbered(1));
        DatagramBuffer[] buffers = Loopback.Buffers(4, 10);
        Assert.Equal(1, receiver.Receive(buffers));
        Assert.Equal(1, buffers[0].Length);
    }

    [Fact]
    public void Open_MissingInterface_NamesTheExistingOnes()
    {
        MulticastEndpoint endpoint = Loopback.V4() with { Interface = "no-such-if" };
        Func<IDisposable>[] opens = [() => MulticastReceiver.Open(endpoint), () => MulticastSender.Open(endpoint)];
        foreach (Func<IDisposable> open in opens)
        {
            KernelException refusal = Assert.Throws<KernelException>(open);
            Assert.Equal(Errno.ENODEV, refusal.Errno);
            Assert.Contains("no-such-if", refusal.Message, StringComparison.Ordinal);
            Assert.Contains("has lo", refusal.Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("192.0.2.1", 8848, 1)]
    [InlineData("fe80::1", 8848, 1)]
    [InlineData("224.0.0.81", 0, 1)]
    [InlineData("224.0.0.81", 65536, 1)]
    [InlineData("224.0.0.81", 8848, 256)]
    public void Open_NoEndpoint_IsRefused(string group, int port, int ttl)
    {
        var endpoint = new MulticastEndpoint { Interface = "lo", Group = IPAddress.Parse(group), Port = port, Ttl = ttl };
        Assert.Throws<ArgumentException>(() => MulticastReceiver.Open(endpoint));
        Assert.Throws<ArgumentException>(() => MulticastSender.Open(endpoint));
    }

    [Theory]
    [InlineData(Errno.EINTR, SendError.Retry)]
    [InlineData(Errno.EAGAIN, SendError.Pressure)]
    [InlineData(Errno.ENOBUFS, SendError.Pressure)]
    [InlineData(Errno.EPERM, SendError.Transient)]
    [InlineData(Errno.ENETUNREACH, SendError.Transient)]
    [InlineData(Errno.ENETDOWN, SendError.Transient)]
    [InlineData(Errno.EHOSTUNREACH, SendError.Transient)]
    [InlineData(Errno.ECONNREFUSED, SendError.Transient)]
    [InlineData(Errno.EMSGSIZE, SendError.Transient)]
    [InlineData(Errno.EBADF, SendError.Fatal)]
    [InlineData(Errno.ENODEV, SendError.Fatal)]
    [InlineData(Errno.EINVAL, SendError.Fatal)]
    internal void Classify_Errno_PicksItsTier(int errno, SendError tier) => Assert.Equal(tier, SendErrors.Classify(errno));

    [Fact]
    public void Length_BeyondTheRoom_IsRefused()
    {
        var buffer = new DatagramBuffer(10);
        Assert.Throws<ArgumentOutOfRangeException>(() => buffer.Length = 11);
        Assert.Throws<ArgumentOutOfRangeException>(() => buffer.Length = -1);
    }
}
