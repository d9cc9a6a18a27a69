using System.Runtime.InteropServices;
using IpvsSync.Linux.Bpf;
using IpvsSync.Linux.Interop;
using static IpvsSync.Linux.Bpf.BpfRegister;

namespace IpvsSync.Linux.Tests.Bpf;

/// <summary>The ring of this machine's kernel, which a small program fills when a test runs it.</summary>
public sealed class FeedRingTests
{
    private const int RingBytes = 4096;

    /// <summary>Records that fit the ring; 8 bytes of it are never used.</summary>
    private const int Room = (RingBytes - 1) / (FeedRecord.ShortSize + 8);

    [Fact]
    public void TryRead_RecordsOfAProgram_AreTheSame()
    {
        using KernelHandle program = Open(out FeedRing ring, FeedRecord.ShortSize, flags: 0x1180, state: 7);
        using FeedRing opened = ring;
        Assert.False(ring.TryRead(out _));
        Run(program, 3);
        for (int i = 0; i < 3; i++)
        {
            Assert.True(ring.TryRead(out FeedRecord record));
            Assert.Equal((0x1180u, 7), (record.Flags, record.State));
            Assert.False(record.HasPersistence);
        }

        Assert.False(ring.TryRead(out _));
    }

    [Fact]
    public void TryRead_ManyRounds_LosesNothingAndAllocatesNothing()
    {
        using KernelHandle program = Open(out FeedRing ring, FeedRecord.ShortSize, flags: 1, state: 1);
        using FeedRing opened = ring;
        Read(ring, program, rounds: 2);
        long before = GC.GetAllocatedBytesForCurrentThread();
        int read = Read(ring, program, rounds: 1000);
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.Equal((5000, 0), (read, allocated));
        Assert.Equal(0, ring.Dropped);
    }

    [Fact]
    public void Dropped_ReaderThatStopped_CountsWhatDidNotFit()
    {
        using KernelHandle program = Open(out FeedRing ring, FeedRecord.ShortSize, flags: 1, state: 1);
        using FeedRing opened = ring;
        Run(program, 100);
        Assert.Equal(100 - Room, ring.Dropped);
        int read = 0;
        while (ring.TryRead(out _))
            read++;
        Assert.Equal(Room, read);
        ring.Release();
        Run(program, 1);
        Assert.True(ring.TryRead(out _));
    }

    [Fact]
    public void Wait_RecordOrStop_Returns()
    {
        using KernelHandle program = Open(out FeedRing ring, FeedRecord.ShortSize, flags: 1, state: 1);
        using FeedRing opened = ring;
        Assert.False(ring.Wait(TimeSpan.FromMilliseconds(1)));
        Run(program, 1);
        Assert.True(ring.Wait(TimeSpan.FromSeconds(30)));
        Assert.True(ring.TryRead(out _));
        ring.Release();
        ring.EndWait();
        Assert.False(ring.Wait(Timeout.InfiniteTimeSpan));
    }

    [Fact]
    public void TryRead_RecordOfAnotherLength_IsSkipped()
    {
        using KernelHandle program = Open(out FeedRing ring, FeedRecord.ShortSize - 8, flags: 1, state: 1);
        using FeedRing opened = ring;
        Run(program, 2);
        Assert.False(ring.TryRead(out _));
    }

    private static int Read(FeedRing ring, KernelHandle program, int rounds)
    {
        int read = 0;
        for (int round = 0; round < rounds; round++)
        {
            Run(program, 5);
            while (ring.TryRead(out _))
                read++;
            ring.Release();
        }

        return read;
    }

    private static void Run(KernelHandle program, int times) => Assert.True(BpfCalls.Run(program, times));

    private static KernelHandle Open(out FeedRing ring, int size, int flags, int state)
    {
        KernelHandle map = BpfCalls.CreateRing(RingBytes);
        Assert.SkipWhen(map.IsInvalid, $"The kernel refuses bpf(2): {Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError())}.");
        KernelHandle counter = BpfCalls.CreateCounter();
        KernelHandle program = BpfCalls.Load(Code(map, counter, size, flags, state), LinuxBpf.BPF_PROG_TYPE_SOCKET_FILTER, "test"u8, null, out string log);
        Assert.False(program.IsInvalid, log);
        ring = FeedRing.Open(new FeedDescriptors(map, counter, KernelHandle.Own(-1), RingBytes, hasPersistence: false));
        return program;
    }

    private static ulong[] Code(KernelHandle map, KernelHandle counter, int size, int flags, int state)
    {
        var code = new BpfAssembler();
        int lost = code.NewLabel();
        int end = code.NewLabel();
        code.MoveMap(R1, map.Descriptor);
        code.Move(R2, size);
        code.Move(R3, 0);
        code.Call(LinuxBpf.BPF_FUNC_ringbuf_reserve);
        code.JumpIfEqual(R0, 0, lost);
        for (int at = 0; at < size; at += sizeof(ulong))
            code.Store(R0, at, 0, sizeof(ulong));
        code.Store(R0, FeedRecord.FlagsAt, flags, sizeof(uint));
        code.Store(R0, FeedRecord.StateAt, state, sizeof(ushort));
        code.Move(R1, R0);
        code.Move(R2, 0);
        code.Call(LinuxBpf.BPF_FUNC_ringbuf_submit);
        code.Jump(end);
        code.Place(lost);
        code.MoveMapValue(R1, counter.Descriptor);
        code.Move(R2, 1);
        code.AtomicAdd(R1, R2);
        code.Place(end);
        code.Exit(0);
        return code.Finish();
    }
}
