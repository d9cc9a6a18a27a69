using IpvsSync.Daemon.Kernel;
using IpvsSync.Linux;
using IpvsSync.Linux.Datagrams;

namespace IpvsSync.Daemon.Tests.Kernel;

public sealed class InjectorPacerTests
{
    private const int Limit = 212992;
    private const int Message = 1472;

    private long _queued;
    private long _drops;
    private int _looks;
    private int _pauses;

    [Fact]
    public void Admit_KernelReadsNothing_IsNeverSentMoreThanHalfItsBuffer()
    {
        InjectorPacer pacer = Pacer(pause: () => _queued = 0);
        for (int i = 0; i < 1000; i++)
        {
            Admit(pacer);
            _queued += InjectorPacer.Cost(Message);
            Assert.InRange(_queued, 0, Limit / 2);
        }

        Assert.NotEqual(0, _pauses);
    }

    [Theory] // spec §13.1, row 27; the others are the next sizes of the allocator
    [InlineData(1, 896)]
    [InlineData(228, 896)]
    [InlineData(229, 1280)]
    [InlineData(1472, 2304)]
    public void Cost_OfADatagram_IsNoLessThanTheKernelCharges(int length, int charged) =>
        Assert.InRange(InjectorPacer.Cost(length), charged, 2 * charged);

    [Fact]
    public void Admit_KernelKeepsUp_LooksRarely()
    {
        InjectorPacer pacer = Pacer();
        for (int i = 0; i < 460; i++)
            Admit(pacer);

        Assert.Equal(0, _pauses);
        Assert.InRange(_looks, 2, 12);
    }

    [Fact]
    public void Admit_MoreThanFits_AdmitsAPart()
    {
        InjectorPacer pacer = Pacer(pause: () => _queued = 0);
        DatagramBuffer[] messages = [.. Enumerable.Range(0, 100).Select(_ => new DatagramBuffer(Message) { Length = Message })];
        for (int done = 0; done < messages.Length;)
        {
            int count = pacer.Admit(messages.AsSpan(done));
            Assert.NotEqual(0, count);
            _queued += count * InjectorPacer.Cost(Message);
            Assert.InRange(_queued, 0, Limit / 2);
            done += count;
        }

        Assert.NotEqual(0, _pauses);
    }

    [Fact]
    public void TakeNewDrops_DropsBeforeTheFirstLook_AreNotCounted()
    {
        _drops = 100;
        InjectorPacer pacer = Pacer();
        Admit(pacer);

        Assert.Equal(0, pacer.TakeNewDrops());
    }

    [Fact]
    public void TakeNewDrops_DropsSince_AreCountedOnce()
    {
        InjectorPacer pacer = Pacer();
        Admit(pacer);
        _drops = 7;
        for (int i = 0; i < 100; i++)
            Admit(pacer);

        Assert.Equal(7, pacer.TakeNewDrops());
        Assert.Equal(0, pacer.TakeNewDrops());
    }

    [Fact]
    public void Admit_KernelStuck_GivesUpAfterTheTimeout()
    {
        _queued = Limit;
        Admit(Pacer());

        Assert.NotEqual(0, _pauses);
    }

    [Fact]
    public void Admit_KernelDoesNotShowItsQueue_PacesByTheDefaultBuffer()
    {
        int looks = 0;
        var pacer = new InjectorPacer(() => { looks++; return null; }, _ => { });
        for (int i = 0; i < 460; i++)
            Admit(pacer);

        Assert.InRange(looks, 2, 12);
    }

    [Fact]
    public void Admit_LookFails_GoesOn()
    {
        var pacer = new InjectorPacer(() => throw new KernelException("look at the queue", Errno.ETIMEDOUT), _ => { });
        for (int i = 0; i < 460; i++)
            Admit(pacer);

        Assert.False(pacer.Prime());
    }

    [Fact]
    public void Admit_EmptySocketSmallerThanOneMessage_DoesNotWait()
    {
        Admit(new InjectorPacer(() => new UdpQueue(0, 2000, 0), _ => _pauses++));

        Assert.Equal(0, _pauses);
    }

    [Theory]
    [InlineData(44, 768)]
    [InlineData(1472, 2304)]
    public void Cost_Message_IsAtLeastTheKernelsCharge(int length, int charged)
        => Assert.InRange(InjectorPacer.Cost(length), charged, 2 * charged);

    private static void Admit(InjectorPacer pacer) => Assert.Equal(1, pacer.Admit([new DatagramBuffer(Message) { Length = Message }]));

    private InjectorPacer Pacer(Action? pause = null) => new(
        () =>
        {
            _looks++;
            return new UdpQueue(_queued, Limit, _drops);
        },
        _ =>
        {
            _pauses++;
            pause?.Invoke();
        });

    [Fact]
    public void Admit_FileOfTheQueueCannotBeRead_GoesOn()
    {
        var pacer = new InjectorPacer(() => throw new IOException("Too many open files"), _ => { });

        Assert.False(pacer.Prime());
        Assert.Equal(1, pacer.Admit([new DatagramBuffer(Message) { Length = Message }]));
    }
}
