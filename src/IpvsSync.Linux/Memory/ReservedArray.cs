using System.Runtime.CompilerServices;
using IpvsSync.Linux.Interop;

namespace IpvsSync.Linux.Memory;

/// <summary>
/// An array whose slots never move, outside the garbage collector's heap. The address space for all slots is reserved at once, and memory
/// is taken in steps as slots are handed out, so growing neither copies nor collects. It uses large pages where the kernel has them.
/// Another thread can prepare slots in advance (<see cref="Prepare"/>), because the kernel needs time for memory that is touched for the
/// first time. The memory is released when the array is no longer reachable; a reference to a slot is not valid without the array.
/// </summary>
/// <typeparam name="T">The content of a slot; initially zero. If its size divides 64, no slot crosses a cache line.</typeparam>
public sealed unsafe class ReservedArray<T>
    where T : unmanaged
{
    /// <summary>The maximum of bytes that <see cref="Prepare"/> keeps ready without a call of <see cref="Expect"/>.</summary>
    public const int MostAheadBytes = 8 << 20;

    /// <summary>The size of a step in bytes: a large page.</summary>
    private const int StepBytes = 2 << 20;

    private const int PageBytes = 4096;

    private const int MapFlags = LinuxMman.MAP_PRIVATE | LinuxMman.MAP_ANONYMOUS | LinuxMman.MAP_NORESERVE;

    // Lock order: the holder of the second never waits for the first, which is held while the kernel provides a step.
    private readonly Lock _opening = new();
    private readonly Lock _taking = new();
    private readonly int _ahead;
    private readonly int _takenForOneAhead;
    private readonly Action? _scarce;
    private readonly byte* _mapping;
    private readonly nuint _mapped;
    private readonly T* _first;
    private readonly int _capacity;
    private nuint _opened;
    private nuint _touched;
    private int _expected;
    private int _length;
    private int _taken;
    private bool _isScarce;

    /// <summary>Reserves address space for <paramref name="capacity"/> slots.</summary>
    /// <param name="capacity">The maximum number of slots.</param>
    /// <param name="isDense">Whether the slots will be used side by side, so that large pages are worth their size.</param>
    /// <param name="ahead">The minimum number of slots that <see cref="Prepare"/> keeps ready beyond those taken.</param>
    /// <param name="takenForOneAhead">
    /// One more slot is kept ready for each such number of taken slots: 1 where as many as are taken may be needed at once.
    /// </param>
    /// <param name="scarce">
    /// Called, once until the next <see cref="Prepare"/>, when fewer than half of the ready slots are left; under a lock.
    /// </param>
    /// <exception cref="KernelException">The kernel refuses the memory.</exception>
    public ReservedArray(int capacity, bool isDense, int ahead = 0, int takenForOneAhead = 4, Action? scarce = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(capacity);
        (_capacity, _ahead, _takenForOneAhead, _scarce) = (capacity, ahead, takenForOneAhead, scarce);
        _mapped = (((nuint)capacity * (nuint)sizeof(T) / StepBytes) + 2) * StepBytes;
        _mapping = Libc.MemoryMap(null, _mapped, LinuxMman.PROT_NONE, MapFlags, -1, 0);
        if (_mapping == LinuxMman.MAP_FAILED)
            throw KernelException.FromLastCall("reserve memory");
        // The kernel gives large pages only where they begin at a multiple of their size.
        _first = (T*)(((nuint)_mapping + StepBytes - 1) / StepBytes * StepBytes);
        // Except for the first step: an array with few slots should stay small.
        byte* second = (byte*)_first + StepBytes;
        if (isDense)
            _ = Libc.MemoryAdvise(second, (nuint)(_mapping + _mapped - second), LinuxMman.MADV_HUGEPAGE);
        Open(1, touches: false);
    }

    /// <summary>Releases all memory.</summary>
    ~ReservedArray()
    {
        if (_mapping != null && _mapping != LinuxMman.MAP_FAILED)
            _ = Libc.MemoryUnmap(_mapping, _mapped);
    }

    /// <summary>The number of slots that may be accessed; at least one. Any thread may read it.</summary>
    public int Length => Volatile.Read(ref _length);

    /// <summary>The slot with this number. The caller decides which thread may access it.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not below <see cref="Length"/>.</exception>
    public ref T this[int slot]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get
        {
            if ((uint)slot >= (uint)_length)
                ThrowNoSuchSlot();
            return ref _first[slot];
        }
    }

    /// <summary>Hands out the next <paramref name="count"/> slots permanently. Any thread may call it.</summary>
    /// <returns>The number of the first slot.</returns>
    /// <exception cref="InvalidOperationException">No slots are left.</exception>
    /// <exception cref="KernelException">The kernel refuses the memory.</exception>
    public int Allocate(int count)
    {
        int first;
        while (!TryAllocate(count, out first))
            Open(first + count, touches: false);
        return first;
    }

    /// <summary>
    /// Announces that <paramref name="slots"/> slots will be needed: the next <see cref="Prepare"/> makes all of them ready. Any thread
    /// may call it.
    /// </summary>
    public void Expect(int slots) => Volatile.Write(ref _expected, slots);

    /// <summary>
    /// Makes slots ready by touching their memory: all expected slots and, beyond those taken, the number given to the constructor or the
    /// share of the taken ones, whichever is more, up to <see cref="MostAheadBytes"/>. For one thread, best one that does nothing else.
    /// </summary>
    /// <exception cref="KernelException">The kernel refuses the memory.</exception>
    public void Prepare()
    {
        Volatile.Write(ref _isScarce, false);
        lock (_opening)
            Touch(Math.Min(_opened, (nuint)Wanted * (nuint)sizeof(T)));
        // In steps: a thread that finds no slot waits for one step at most.
        while (Length < Math.Min(_capacity, Wanted))
            Open(Length + 1, touches: true);
    }

    /// <summary>Consecutive slots.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not all of them are below <see cref="Length"/>.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Span<T> Slice(int first, int count)
    {
        if ((ulong)(uint)first + (uint)count > (uint)_length)
            ThrowNoSuchSlot();
        return new Span<T>(_first + first, count);
    }

    private static void ThrowNoSuchSlot() => throw new ArgumentOutOfRangeException("slot");

    private int Ahead => Math.Max(_ahead, Math.Min(Volatile.Read(ref _taken) / _takenForOneAhead, MostAheadBytes / sizeof(T)));

    private int Wanted => Math.Max(Volatile.Read(ref _expected), Volatile.Read(ref _taken) + Ahead);

    private bool TryAllocate(int count, out int first)
    {
        lock (_taking)
        {
            first = _taken;
            if (count > _capacity - first)
                throw new InvalidOperationException("All places are taken.");
            if (first + count > Length)
                return false;
            _taken = first + count;
            if (_scarce is not null && !_isScarce && Length < _capacity && Length - _taken < Ahead / 2)
            {
                _isScarce = true;
                _scarce();
            }

            return true;
        }
    }

    private void Open(int length, bool touches)
    {
        lock (_opening)
        {
            if (length <= _length)
                return;
            nuint needed = (((nuint)length * (nuint)sizeof(T)) + StepBytes - 1) / StepBytes * StepBytes;
            if (Libc.MemoryProtect((byte*)_first + _opened, needed - _opened, LinuxMman.PROT_READ | LinuxMman.PROT_WRITE) != 0)
                throw KernelException.FromLastCall("take memory");
            if (touches)
                Touch(needed);
            _opened = needed;
            Volatile.Write(ref _length, (int)Math.Min((nuint)_capacity, needed / (nuint)sizeof(T)));
        }
    }

    /// <summary>Touches memory without disturbing a thread that uses a slot at the same time.</summary>
    private void Touch(nuint end)
    {
        for (; _touched < end; _touched += PageBytes)
            Interlocked.Or(ref *(int*)((byte*)_first + _touched), 0);
    }
}
