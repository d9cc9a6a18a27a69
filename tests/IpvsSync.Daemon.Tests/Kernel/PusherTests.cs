using IpvsSync.Daemon.Kernel;
using IpvsSync.Linux;
using static IpvsSync.Linux.Ipvs.LinuxIpVs;

namespace IpvsSync.Daemon.Tests.Kernel;

public sealed class PusherTests : IDisposable
{
    /// <summary>Packets of one push in one lane: four rounds of three, which make eight records.</summary>
    private const int Push = 12;

    private static readonly TimeSpan s_turn = TimeSpan.FromMilliseconds(100);

    private readonly PushBed _bed = new();

    public void Dispose() => _bed.Dispose();

    [Fact]
    public void TryOpen_Kernel_MakesTheServiceAndOneRealServer()
    {
        using Pusher? pusher = _bed.TryOpen();

        Assert.NotNull(pusher);
        Assert.Equal("TCP 192.0.2.1:9 rr, 1 real servers", Assert.Single(_bed.Kernel.Services));
    }

    [Theory]
    [InlineData(IPVS_CMD_NEW_SERVICE)]
    [InlineData(IPVS_CMD_NEW_DEST)]
    public void TryOpen_KernelRefuses_IsNullAndLoggedAndClosed(byte command)
    {
        _bed.Kernel.Refuse(command, Errno.EPERM);

        Assert.Null(_bed.TryOpen());
        Assert.Equal([120], _bed.Logged);
        Assert.Equal(0, _bed.Interfaces);
    }

    [Fact]
    public void TryOpen_NoPacketCounters_IsNullAndLoggedAndClosed()
    {
        Assert.Null(_bed.TryOpen("/proc/no-such-file"));
        Assert.Equal([120], _bed.Logged);
        Assert.Equal(0, _bed.Interfaces);
    }

    [Fact]
    public void Step_First_PushesBeforeThereIsTrafficAndFindsALane()
    {
        using Pusher pusher = _bed.TryOpen()!;

        Assert.Equal(2 * Push, Step(pusher).Sum());
        Assert.Single(Enumerable.Range(0, 2), lane => _bed.Lanes.For(lane) is not null);
    }

    [Fact]
    public void Step_Traffic_FindsTheOtherLanes()
    {
        using Pusher pusher = _bed.TryOpen()!;
        for (int turn = 0; turn < 2; turn++)
            StepWithTraffic(pusher);

        Assert.All(Enumerable.Range(0, 2), lane => Assert.NotNull(_bed.Lanes.For(lane)));
    }

    [Fact]
    public void Step_NoTraffic_PushesNothing()
    {
        using Pusher pusher = _bed.Open();
        for (int turn = 0; turn < 500; turn++)
            pusher.Step();

        Assert.Equal([0, 0], _bed.TakePackets());
    }

    [Fact]
    public void Step_OnePacket_PushesEightRecordsInEachLaneNowAndOnceMore()
    {
        using Pusher pusher = _bed.Open();
        _bed.Traffic();
        long seen = _bed.Lanes.Seen;

        Assert.Equal([Push, Push], Step(pusher));
        Assert.Equal(seen + (2 * Pusher.WakeupRate), _bed.Lanes.Seen);
        Assert.Equal([Push, Push], Step(pusher));
        Assert.Equal([0, 0], Step(pusher));
    }

    [Theory]
    [InlineData(7, Push)]
    [InlineData(8, 0)]
    [InlineData(100, 0)]
    public void Step_LaneWhoseOwnRecordsWakeTheSender_IsSpared(int records, int packets)
    {
        using Pusher pusher = _bed.Open();
        _bed.Traffic(packets: 3, lane: 1, records);

        Assert.Equal([Push, packets], Step(pusher));
    }

    [Fact]
    public void Step_RecordsOfALaneBeforeTheLastPush_DoNotSpareIt()
    {
        using Pusher pusher = _bed.Open();
        _bed.Traffic(lane: 1, records: 7);
        Step(pusher);
        _bed.Traffic(lane: 1, records: 7);

        Assert.Equal([Push, Push], Step(pusher));
    }

    [Fact]
    public void Step_TrafficHasEnded_PushesInBusyLanesToo()
    {
        using Pusher pusher = _bed.Open();
        _bed.Traffic();
        pusher.Step();
        _bed.TakePackets();
        _bed.Traffic(packets: 0, lane: 1, records: 20);

        Assert.Equal([Push, Push], Step(pusher));
    }

    [Fact]
    public void Step_AllServicesWereDeleted_MakesThemAgainAfterASecondAndSaysSoOnce()
    {
        using Pusher pusher = _bed.Open();
        _bed.Kernel.FlushServices();
        List<int> logged = [];
        for (int turn = 0; turn < 30; turn++)
        {
            StepWithTraffic(pusher);
            logged.Add(_bed.Log.Collector.Count);
        }

        Assert.Equal([121, 122], _bed.Logged);
        Assert.Equal(10, logged.IndexOf(1)); // a turn is 100 ms, and turn 0 had no echo
        Assert.Equal("TCP 192.0.2.1:9 rr, 1 real servers", Assert.Single(_bed.Kernel.Services));
        Assert.Equal(1, _bed.Interfaces);
    }

    [Fact]
    public void Step_InterfaceWasDeleted_MakesItAgain()
    {
        using Pusher pusher = _bed.Open();
        _bed.DeleteInterface();
        for (int turn = 0; turn < 30; turn++)
            StepWithTraffic(pusher);

        Assert.Equal([121, 122], _bed.Logged);
        Assert.Equal((2, 1), (_bed.Made.Count, _bed.Interfaces));
        Assert.Equal(2 * Push, StepWithTraffic(pusher).Sum());
    }

    [Fact]
    public void Step_ThreePushesWithoutAnEcho_MayBeChance()
    {
        using Pusher pusher = _bed.Open();
        StepWithTraffic(pusher);
        _bed.IsFirewalled = true;
        for (int turn = 0; turn < 3; turn++)
        {
            _bed.Time.Advance(TimeSpan.FromSeconds(10));
            StepWithTraffic(pusher);
        }

        Assert.Single(_bed.Made);
        StepWithTraffic(pusher);
        Assert.Equal(2, _bed.Made.Count);
    }

    [Fact]
    public void Step_ManyPushesWithoutAnEchoInLessThanASecond_AreWaitedFor()
    {
        using Pusher pusher = _bed.Open();
        StepWithTraffic(pusher);
        _bed.IsFirewalled = true;
        for (int turn = 0; turn < 10; turn++)
            StepWithTraffic(pusher);

        Assert.Single(_bed.Made);
        _bed.IsFirewalled = false;
        for (int turn = 0; turn < 30; turn++)
            StepWithTraffic(pusher);
        Assert.Single(_bed.Made);
        Assert.Empty(_bed.Logged);
    }

    [Fact]
    public void Step_MakingItAgainDoesNotHelp_WaitsTwiceAsLongEachTimeUpToTwoMinutes()
    {
        using Pusher pusher = _bed.Open();
        StepWithTraffic(pusher);
        _bed.IsFirewalled = true;
        for (int turn = 0; turn < 4000; turn++)
            StepWithTraffic(pusher);

        IEnumerable<double> gaps = _bed.Made.Skip(1).Zip(_bed.Made.Skip(2), (left, right) => Math.Round((right - left).TotalSeconds, 1));
        Assert.Equal([2, 4, 8, 16, 32, 64, 120, 120], gaps);
        Assert.Equal([121], _bed.Logged);
    }

    [Fact]
    public void Step_EchoCameBack_MakesIt1SecondAgain()
    {
        using Pusher pusher = _bed.Open();
        StepWithTraffic(pusher);
        for (int silence = 0; silence < 2; silence++)
        {
            _bed.IsFirewalled = true;
            for (int turn = 0; turn < 100; turn++)
                StepWithTraffic(pusher);
            _bed.IsFirewalled = false;
            StepWithTraffic(pusher);
        }

        Assert.Equal([121, 122, 121, 122], _bed.Logged);
        Assert.Equal(7, _bed.Made.Count);
    }

    [Fact]
    public void Step_CannotBeMadeAgain_SaysWhyOnceAndTriesUntilItCan()
    {
        using Pusher pusher = _bed.Open();
        _bed.DeleteInterface();
        _bed.IsRefused = true;
        for (int turn = 0; turn < 200; turn++)
            StepWithTraffic(pusher);
        Assert.Equal([121, 123], _bed.Logged);

        _bed.IsRefused = false;
        for (int turn = 0; turn < 200; turn++)
            StepWithTraffic(pusher);
        Assert.Equal([121, 123, 122], _bed.Logged);
        Assert.Equal(1, _bed.Interfaces);
    }

    [Fact]
    public void Step_OurPacketsAreDropped_AreNotTakenForTraffic()
    {
        using Pusher pusher = _bed.Open();
        _bed.IsFirewalled = true;
        StepWithTraffic(pusher);
        pusher.Step();
        _bed.TakePackets();
        for (int turn = 0; turn < 100; turn++)
            pusher.Step();

        Assert.Equal([0, 0], _bed.TakePackets());
    }

    [Fact]
    public void Run_Stopped_PushesOnceMoreInEveryLane()
    {
        using Pusher pusher = _bed.Open();
        _bed.Traffic(lane: 1, records: 100);
        pusher.Stop();
        pusher.Run();

        Assert.Equal([Push, Push], _bed.TakePackets());
    }

    [Fact]
    public void Run_EchoOfTheLastPushDoesNotCome_Ends()
    {
        using Pusher pusher = _bed.Open();
        _bed.IsFirewalled = true;
        pusher.Stop();
        pusher.Run();

        Assert.Equal([Push, Push], _bed.TakePackets());
    }

    [Fact]
    public async Task Run_OnItsThread_LooksUntilStopped()
    {
        using Pusher pusher = _bed.TryOpen()!;
        Task worker = Task.Factory.StartNew(pusher.Run, TestContext.Current.CancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        SpinWait.SpinUntil(() => pusher.Activity.Turns > 4, TimeSpan.FromMinutes(1));
        pusher.Stop();
        await worker.WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);

        Assert.Equal(0, pusher.Activity.Turns % 2);
        Assert.Equal(2 * 2 * Push, _bed.TakePackets().Sum()); // the first push and the last, in two lanes
    }

    private int[] Step(Pusher pusher)
    {
        pusher.Step();
        return _bed.TakePackets();
    }

    /// <summary>One turn of a director under traffic.</summary>
    private int[] StepWithTraffic(Pusher pusher)
    {
        _bed.Time.Advance(s_turn);
        _bed.Traffic();
        return Step(pusher);
    }

    [Fact]
    public void Step_CountersCannotBeReadForAMoment_GoesOn()
    {
        using PushBed bed = new();
        using Pusher pusher = bed.TryOpen("/proc/self/mem")!; // opens, and gives EIO at its start

        pusher.Step();
    }
}
