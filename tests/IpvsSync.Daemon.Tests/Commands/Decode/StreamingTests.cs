using System.Text;
using IpvsSync.Daemon.Commands.Decode;

namespace IpvsSync.Daemon.Tests.Commands.Decode;

[Collection(Alone.Name)]
public sealed class StreamingTests
{
    [Fact]
    public void Decode_LiveCapture_IsShownBeforeMoreIsWaitedFor()
    {
        byte[] capture = Pcap.OfMessages(SpecMessages.C, SpecMessages.C);
        using var output = new MemoryStream();
        long shownAtSecondRead = 0;
        using var input = new PiecewiseStream(
            [capture[..(capture.Length - 40)], capture[^40..]], read => shownAtSecondRead = read == 1 ? output.Length : shownAtSecondRead);

        string? fault = new CaptureDecoder(output, new DecodeOptions("-", [8848], AsJson: false, default)).Run(input, () => false);

        Assert.Null(fault);
        Assert.InRange(shownAtSecondRead, 100, output.Length - 100);
    }

    // 30 MB of packets.
    [Fact]
    public void Decode_LargeCapture_NeedsNoMoreMemoryThanASmallOne()
    {
        byte[] capture = Pcap.OfMessages(SpecMessages.All);
        byte[] packets = capture[24..];
        var memory = new Dictionary<int, long>();
        using var input = new PiecewiseStream([capture, .. Enumerable.Repeat(packets, 30_000)], read =>
        {
            if (read is 1_000 or 30_000) memory[read] = GC.GetTotalMemory(forceFullCollection: true);
        });

        string? fault = new CaptureDecoder(Stream.Null, new DecodeOptions("-", [8848], AsJson: true, default)).Run(input, () => false);

        Assert.Null(fault);
        Assert.InRange(memory[30_000] - memory[1_000], long.MinValue, 10_000_000);
    }

    [Fact]
    public void Decode_AskedToStop_EndsInOrder()
    {
        using var output = new MemoryStream();
        int packets = 0;

        new CaptureDecoder(output, new DecodeOptions("-", [8848], AsJson: false, default))
            .Run(new MemoryStream(Pcap.OfMessages(SpecMessages.All)), () => ++packets > 2);

        string text = Encoding.UTF8.GetString(output.ToArray());
        Assert.EndsWith("2 packets, 2 messages, 2 entries\n", text, StringComparison.Ordinal);
    }
}
