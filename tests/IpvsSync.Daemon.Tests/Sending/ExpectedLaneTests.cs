using IpvsSync.Daemon.Counters;
using IpvsSync.Daemon.Sending;
using IpvsSync.Protocol.Wire;
using Microsoft.Extensions.Time.Testing;

namespace IpvsSync.Daemon.Tests.Sending;

/// <summary>A lane takes the memory that an expected burst needs when it is made.</summary>
public sealed class ExpectedLaneTests
{
    private const int Expected = 16_384;
    private const int MessageSize = 1448;

    [Theory]
    [InlineData(0, false)]
    [InlineData(Expected, true)]
    public void Append_AnEighthOfTheExpectedWaits_NoMessageNeedsMemory(int expected, bool isReady)
    {
        var options = new LaneQueueOptions(SyncVersion.V1, 5, MessageSize, Limit: 4096, FlushIntervalMs: 20, Coalesces: false, Expected: expected);
        var queue = new LaneQueue(options, new StageCounters("injected"), new FakeTimeProvider());
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int number = 1; number <= Expected / 8; number++)
        {
            uint place = 0;
            queue.Append(Entries.Tcp(number), default, isUrgent: true, 0, number, ref place);
        }

        // The list of what waits grows, and takes a few bytes a message.
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.Equal(isReady, allocated < queue.Waiting * MessageSize / 4);
    }
}
