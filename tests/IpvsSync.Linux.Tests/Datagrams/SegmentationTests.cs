using IpvsSync.Linux.Datagrams;
using IpvsSync.Linux.Interop;

namespace IpvsSync.Linux.Tests.Datagrams;

/// <summary>Runs of datagrams that leave in one piece arrive as what they were.</summary>
public sealed class SegmentationTests
{
    private const int SO_NO_CHECK = 11;

    /// <summary>Runs with and without a short end, single datagrams, an empty one among equals, more than a run may hold; all within any MTU.</summary>
    private static readonly int[] _mixed =
    [
        .. Enumerable.Repeat(1200, 5), 700, 30, 30, 900, 900, 0, 900, 900, 1, 2, 3, .. Enumerable.Repeat(1200, 100), 8,
    ];

    [Theory]
    [InlineData(new[] { 5 }, 1)]
    [InlineData(new[] { 5, 5, 5 }, 3)]
    [InlineData(new[] { 5, 5, 4 }, 3)]
    [InlineData(new[] { 5, 4, 4 }, 2)]
    [InlineData(new[] { 5, 4, 5 }, 2)]
    [InlineData(new[] { 5, 6, 6 }, 1)]
    [InlineData(new[] { 5, 5, 6 }, 2)]
    [InlineData(new[] { 5, 5, 0 }, 2)]
    [InlineData(new[] { 0, 0 }, 1)]
    [InlineData(new[] { 32753, 32754 }, 1)]
    [InlineData(new[] { 32754, 32753 }, 2)]
    [InlineData(new[] { 32754, 32754 }, 1)]
    [InlineData(new[] { 65508, 1 }, 1)]
    public void LengthOfFirst_Lengths_GivesWhatMayLeaveTogether(int[] lengths, int expected) =>
        Assert.Equal(expected, SegmentRuns.LengthOfFirst(Loopback.Numbered(lengths)));

    [Theory]
    [InlineData(1, 64)]
    [InlineData(1000, 64)]
    [InlineData(1023, 64)]
    [InlineData(1024, 63)]
    [InlineData(1448, 45)]
    public void LengthOfFirst_ManyOfOneLength_StopsAtTheKernelsLimits(int length, int expected) =>
        Assert.Equal(expected, SegmentRuns.LengthOfFirst(Loopback.Numbered([.. Enumerable.Repeat(length, 70)])));

    [Fact]
    public void LoadContents_InRuns_NeedsAHeaderForEachRun()
    {
        var batch = new MessageBatch(8);
        DatagramBuffer[] datagrams = Loopback.Numbered(9, 9, 9, 4, 7, 8, 8, 8, 8, 8);
        Assert.Equal(3, batch.LoadContents(datagrams, inRuns: true));
        Assert.Equal((4, 5, 8), (batch.Carried(1), batch.Carried(2), batch.Carried(3)));
        Assert.Equal(8, batch.LoadContents(datagrams, inRuns: false));
        Assert.Equal(8, batch.Carried(8));
    }

    [Theory]
    [InlineData(false, 256, false)]
    [InlineData(false, 64, false)]
    [InlineData(false, 3, false)]
    [InlineData(true, 256, false)]
    [InlineData(false, 256, true)]
    [InlineData(true, 64, true)]
    public void Send_MixedBatch_ArrivesAsItWasInOrder(bool v6, int maxBatch, bool inPieces)
    {
        MulticastEndpoint endpoint = Loopback.Of(v6);
        using UdpSender sender = MulticastSender.Open(endpoint, loopback: true, maxBatch: maxBatch);
        AssertArrives(endpoint, sender, _mixed, inPieces);
        Assert.True(sender.SendsRuns);
    }

    [Fact]
    public void Receive_PiecesAndFewBuffers_TakesTheRestWithTheNextCalls()
    {
        MulticastEndpoint endpoint = Loopback.V4();
        using UdpSender sender = MulticastSender.Open(endpoint, loopback: true);
        using UdpReceiver receiver = MulticastReceiver.Open(endpoint, inPieces: true);
        DatagramBuffer[] datagrams = Loopback.Numbered([.. Enumerable.Repeat(900, 40), 7]);
        sender.Send(datagrams);
        DatagramBuffer[] buffers = Loopback.Buffers(3, 2000);
        List<string> texts = [];
        while (texts.Count < datagrams.Length)
            texts.AddRange(buffers.Take(receiver.Receive(buffers)).Select(Text));

        Assert.Equal(datagrams.Select(Text), texts);
    }

    [Fact]
    public void Receive_PiecesLargerThanTheBuffer_AreCutEach()
    {
        MulticastEndpoint endpoint = Loopback.V4();
        using UdpSender sender = MulticastSender.Open(endpoint, loopback: true);
        using UdpReceiver receiver = MulticastReceiver.Open(endpoint, inPieces: true);
        sender.Send(Loopback.Numbered(900, 900, 900, 100));
        DatagramBuffer[] buffers = Loopback.Buffers(8, 500);
        int count = 0;
        while (count < 4)
            count += receiver.Receive(buffers.AsSpan(count));

        Assert.Equal([(500, true), (500, true), (500, true), (100, false)], buffers.Take(count).Select(buffer => (buffer.Length, buffer.Truncated)));
        Assert.All(buffers.Take(count), buffer => Assert.NotEqual(default, buffer.Source));
    }

    [Fact]
    public void Send_RunsLargerThanTheSendBuffer_LeaveWhole()
    {
        MulticastEndpoint endpoint = Loopback.V4();
        using UdpSender sender = MulticastSender.Open(endpoint, loopback: true, sendBufferSize: 4096, maxBatch: 256);
        AssertArrives(endpoint, sender, _mixed);
        Assert.True(sender.SendsRuns);
    }

    [Theory]
    [InlineData(new[] { 9, 9, 9 })]
    [InlineData(new[] { 1, 9, 9, 4, 20, 20 })]
    public void Send_SegmentsRefused_SendsOneByOneFromThenOn(int[] lengths)
    {
        MulticastEndpoint endpoint = Loopback.V4();
        using UdpSender sender = OpenRefused(endpoint);
        AssertArrives(endpoint, sender, lengths);
        Assert.False(sender.SendsRuns);
        AssertArrives(endpoint, sender, lengths);
    }

    [Fact]
    public void Send_NothingToSegment_LeavesTheQuestionOpen()
    {
        MulticastEndpoint endpoint = Loopback.V4();
        using UdpSender sender = OpenRefused(endpoint);
        AssertArrives(endpoint, sender, [1, 2, 3]);
        Assert.True(sender.SendsRuns);
    }

    [Theory]
    [InlineData(Errno.EINVAL, true)]
    [InlineData(Errno.EIO, true)]
    [InlineData(Errno.EMSGSIZE, true)]
    [InlineData(Errno.EOPNOTSUPP, true)]
    [InlineData(Errno.ENOPROTOOPT, true)]
    [InlineData(Errno.EAGAIN, false)]
    [InlineData(Errno.ENOBUFS, false)]
    [InlineData(Errno.EINTR, false)]
    [InlineData(Errno.EPERM, false)]
    [InlineData(Errno.ENETDOWN, false)]
    public void MayConcernSegments_Errno_SaysWhetherToTryWithout(int errno, bool expected) =>
        Assert.Equal(expected, SendErrors.MayConcernSegments(errno));

    [Fact]
    public void Send_RunsAfterWarmUp_AllocateNothing()
    {
        MulticastEndpoint endpoint = Loopback.V4();
        using UdpSender sender = MulticastSender.Open(endpoint, loopback: true);
        DatagramBuffer[] datagrams = Loopback.Numbered(_mixed);
        sender.Send(datagrams);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 100; i++)
            sender.Send(datagrams);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.True(sender.SendsRuns);
    }

    private static void AssertArrives(MulticastEndpoint endpoint, UdpSender sender, int[] lengths, bool inPieces = false)
    {
        using UdpReceiver receiver = MulticastReceiver.Open(endpoint, receiveBufferSize: 8 << 20, inPieces: inPieces);
        DatagramBuffer[] datagrams = Loopback.Numbered(lengths);
        Assert.Equal(new SendOutcome(lengths.Length, 0), sender.Send(datagrams));
        receiver.Shutdown();
        DatagramBuffer[] buffers = Loopback.Buffers(lengths.Length + 1, 2000);
        int count = 0;
        for (int more; (more = receiver.Receive(buffers.AsSpan(count))) > 0;)
            count += more;
        Assert.Equal(datagrams.Select(Text), buffers.Take(count).Select(Text));
    }

    private static string Text(DatagramBuffer datagram) => Convert.ToHexString(datagram.Content);

    // The kernel segments no datagrams without checksums: EINVAL.
    private static UdpSender OpenRefused(MulticastEndpoint endpoint)
    {
        KernelHandle socket = MulticastSocket.OpenSender(endpoint, loopback: true, bufferSize: 0);
        KernelSocket.SetOption(socket, LinuxSocket.SOL_SOCKET, SO_NO_CHECK, 1, "send without checksums");
        return new UdpSender(endpoint, isV6: false, socket, maxBatch: 64);
    }
}
