using System.Runtime.CompilerServices;
using IpvsSync.Linux.Memory;

namespace IpvsSync.Linux.Tests.Memory;

public sealed class ReservedArrayTests
{
    private const int PerStep = (2 << 20) / sizeof(ulong);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Take_OverSeveralSteps_KeepsEveryPlace(bool isDense)
    {
        const int Count = 1000;
        var array = new ReservedArray<ulong>(4 * PerStep, isDense);
        ref ulong first = ref array[array.Allocate(1)];
        first = 77;
        for (int taken = 1; taken + Count <= 4 * PerStep; taken += Count)
        {
            Assert.Equal(taken, array.Allocate(Count));
            Span<ulong> places = array.Slice(taken, Count);
            Assert.False(places.ContainsAnyExcept(0UL));
            places.Fill((ulong)taken);
        }

        Assert.True(Unsafe.AreSame(ref first, ref array[0]));
        Assert.Equal(77UL, first);
        for (int taken = 1; taken + Count <= 4 * PerStep; taken += Count)
            Assert.False(array.Slice(taken, Count).ContainsAnyExcept((ulong)taken));
    }

    [Fact]
    public void Take_FirstBehindAStep_CanBeTouched()
    {
        var array = new ReservedArray<ulong>(4 * PerStep, isDense: false);
        array.Allocate(PerStep);
        Assert.Equal(PerStep, array.Length);
        array[array.Allocate(1)] = 77;
        Assert.Equal(2 * PerStep, array.Length);
        Assert.Equal(77UL, array[PerStep]);
    }

    [Fact]
    public void Take_MoreThanReserved_IsRefusedAndTakesNothing()
    {
        var array = new ReservedArray<ulong>(10, isDense: false);
        Assert.Equal(0, array.Allocate(4));
        Assert.Throws<InvalidOperationException>(() => array.Allocate(7));
        Assert.Equal(4, array.Allocate(6));
        Assert.Equal(10, array.Length);
    }

    [Fact]
    public void Touch_NotTaken_IsRefused()
    {
        var array = new ReservedArray<ulong>(4 * PerStep, isDense: true);
        Assert.Equal(PerStep, array.Length);
        Assert.Throws<ArgumentOutOfRangeException>(() => array[PerStep]);
        Assert.Throws<ArgumentOutOfRangeException>(() => array[-1]);
        Assert.Throws<ArgumentOutOfRangeException>(() => array.Slice(PerStep - 1, 2).Length);
        Assert.Throws<ArgumentOutOfRangeException>(() => array.Slice(int.MaxValue, int.MaxValue).Length);
        Assert.Throws<ArgumentOutOfRangeException>(() => array.Slice(-5, 10).Length);
    }

    [Fact]
    public void Take_FewReadyPlacesLeft_SaysItOnceUntilTheNextPrepare()
    {
        int calls = 0;
        var array = new ReservedArray<ulong>(16 * PerStep, isDense: false, ahead: 2 * PerStep, scarce: () => calls++);
        array.Prepare();
        Assert.Equal(2 * PerStep, array.Length);
        array.Allocate(PerStep);
        Assert.Equal(0, calls);
        array.Allocate(1);
        array.Allocate(1);
        Assert.Equal(1, calls);
        array.Prepare();
        Assert.Equal(4 * PerStep, array.Length);
        array.Allocate(2 * PerStep);
        Assert.Equal(2, calls);
    }

    [Fact]
    public void Prepare_ManyTaken_HasAQuarterMoreReadyUpToTheMost()
    {
        const int Most = ReservedArray<ulong>.MostAheadBytes / sizeof(ulong);
        var array = new ReservedArray<ulong>(200 * PerStep, isDense: false);
        array.Allocate(8 * PerStep);
        array.Prepare();
        Assert.Equal(10 * PerStep, array.Length);
        array.Allocate(120 * PerStep);
        array.Prepare();
        Assert.Equal((128 * PerStep) + Most, array.Length);
        array.Allocate(array.Length - (128 * PerStep));
        array.Allocate(72 * PerStep - Most);
        array.Prepare();
        Assert.Equal(200 * PerStep, array.Length);
    }

    [Fact]
    public void Prepare_AsManyAheadAsAreTaken_HasThemReady()
    {
        var array = new ReservedArray<ulong>(20 * PerStep, isDense: false, takenForOneAhead: 1);
        array.Allocate(4 * PerStep);
        array.Prepare();
        Assert.Equal(8 * PerStep, array.Length);
    }

    [Fact]
    public void Prepare_ManyExpected_HasThemReadyAndNoMoreUntilTheyAreTaken()
    {
        int calls = 0;
        var array = new ReservedArray<ulong>(20 * PerStep, isDense: false, ahead: PerStep, scarce: () => calls++);
        array.Expect(8 * PerStep);
        array.Prepare();
        Assert.Equal(8 * PerStep, array.Length);
        array.Allocate(5 * PerStep);
        array.Prepare();
        Assert.Equal((8 * PerStep, 0), (array.Length, calls));
        array.Allocate(3 * PerStep);
        Assert.Equal(1, calls);
        array.Prepare();
        Assert.Equal(10 * PerStep, array.Length);
    }

    [Fact]
    public void Prepare_MoreExpectedThanReserved_HasAllReady()
    {
        var array = new ReservedArray<ulong>(2 * PerStep, isDense: false);
        array.Expect(int.MaxValue);
        array.Prepare();
        Assert.Equal(2 * PerStep, array.Length);
    }

    [Fact]
    public void Prepare_WhileOthersTake_LosesNothing()
    {
        const int Count = 100;
        using var isScarce = new AutoResetEvent(initialState: true);
        var array = new ReservedArray<ulong>(64 * PerStep, isDense: false, ahead: PerStep, scarce: () => isScarce.Set());
        bool isEnd = false;
        var preparing = new Thread(() =>
        {
            while (!Volatile.Read(ref isEnd))
            {
                isScarce.WaitOne();
                array.Prepare();
            }
        });
        preparing.Start();
        Parallel.For(0, 4, owner =>
        {
            for (int i = 0; i < 12 * PerStep / Count; i++)
            {
                Span<ulong> places = array.Slice(array.Allocate(Count), Count);
                Assert.False(places.ContainsAnyExcept(0UL));
                places.Fill((ulong)owner + 1);
            }
        });
        Volatile.Write(ref isEnd, true);
        isScarce.Set();
        preparing.Join();
        int filled = 0;
        foreach (ulong place in array.Slice(0, 48 * PerStep / Count * Count))
            filled += place != 0 ? 1 : 0;
        Assert.Equal(4 * (12 * PerStep / Count) * Count, filled);
    }

    [Fact]
    public void New_ManyInTurn_GivesAddressesBack()
    {
        // More than the address space holds at once.
        for (int i = 0; i < 100_000; i++)
        {
            Touch();
            if (i % 1000 != 0)
                continue;
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        static void Touch() => new ReservedArray<ulong>(1 << 30, isDense: false)[0] = 1;
    }
}
