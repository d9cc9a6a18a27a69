using IpvsSync.Linux.Interop;

namespace IpvsSync.Linux.Memory;

/// <summary>
/// Places that never move, outside the garbage collector's heap: the address space for all of them is reserved at once, and memory is
/// taken step by step as they are handed out, so that growing neither copies nor collects. In large pages where the kernel has them.
/// A thread beside those that take places can have some ready ahead (<see cref="Prepare"/>), since the kernel takes its time over memory
/// that is touched for the first time.
/// Given back when nobody holds the array any more: no reference to a place is good without it.
/// </summary>
/// <typeparam name="T">What lies in a place; zero at first. If its size divides 64, no place lies across two cache lines.</typeparam>
public sealed unsafe class ReservedArray<T>
    where T : unmanaged
{
    /// <summary>Bytes that <see cref="Prepare"/> has ready at most, where nobody asked for more.</summary>
    public const int MostAheadBytes = 32 << 20;

    /// <summary>Bytes of a step: a large page.</summary>
    private const int StepBytes = 2 << 20;

    private const int PageBytes = 4096;

    private const int MapFlags = LinuxMman.MAP_PRIVATE | LinuxMman.MAP_ANONYMOUS | LinuxMman.MAP_NORESERVE;

    // The order: who holds the second never waits for the first, which is held as long as the kernel takes over a step.
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

    /// <summary>Reserves room for <paramref name="capacity"/> places.</summary>
    /// <param name="capacity">Places at most.</param>
    /// <param name="isDense">Whether they will be used one beside the other, so that large pages are worth their size.</param>
    /// <param name="ahead">Places that <see cref="Prepare"/> has ready at least, beyond those that are taken.</param>
    /// <param name="takenForOneAhead">One place more is ready for so many that are taken: 1 where as many as there are may be wanted at once.</param>
    /// <param name="scarce">Told, once until the next <see cref="Prepare"/>, when fewer than half of them are left; under a lock.</param>
    /// <exception cref="KernelException">The kernel refuses.</exception>
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
        // But for the first step: an array of few places is to be small.
        byte* second = (byte*)_first + StepBytes;
        if (isDense)
            _ = Libc.MemoryAdvise(second, (nuint)(_mapping + _mapped - second), LinuxMman.MADV_HUGEPAGE);
        Open(1, touches: false);
    }

    /// <summary>Gives everything back.</summary>
    ~ReservedArray()
    {
        if (_mapping != null && _mapping != LinuxMman.MAP_FAILED)
            _ = Libc.MemoryUnmap(_mapping, _mapped);
    }

    /// <summary>Places that may be touched; at least one. Any thread may ask.</summary>
    public int Length => Volatile.Read(ref _length);

    /// <summary>The place with this number. Which thread may touch it is the caller's affair.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not below <see cref="Length"/>.</exception>
    public ref T this[int place]
    {
        get
        {
            if ((uint)place >= (uint)_length)
                ThrowNoSuchPlace();
            return ref _first[place];
        }
    }

    /// <summary>Hands out the next <paramref name="count"/> places, for good. Any thread may call it.</summary>
    /// <returns>The number of the first.</returns>
    /// <exception cref="InvalidOperationException">There are no more.</exception>
    /// <exception cref="KernelException">The kernel refuses.</exception>
    public int Allocate(int count)
    {
        int first;
        while (!TryAllocate(count, out first))
            Open(first + count, touches: false);
        return first;
    }

    /// <summary>So many places will be wanted: the next <see cref="Prepare"/> has all of them ready. Any thread may call it.</summary>
    public void Expect(int places) => Volatile.Write(ref _expected, places);

    /// <summary>
    /// Has places ready, touched already, for those that take them: all that are expected, and beyond those that are taken as many as was asked
    /// for, or their share if that is more, up to <see cref="MostAheadBytes"/>. One thread, best one that does nothing else.
    /// </summary>
    /// <exception cref="KernelException">The kernel refuses.</exception>
    public void Prepare()
    {
        Volatile.Write(ref _isScarce, false);
        lock (_opening)
            Touch(Math.Min(_opened, (nuint)Wanted * (nuint)sizeof(T)));
        // Step by step: who finds no room waits for one of them at most.
        while (Length < Math.Min(_capacity, Wanted))
            Open(Length + 1, touches: true);
    }

    /// <summary>Places side by side.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not all below <see cref="Length"/>.</exception>
    public Span<T> Slice(int first, int count)
    {
        if ((ulong)(uint)first + (uint)count > (uint)_length)
            ThrowNoSuchPlace();
        return new Span<T>(_first + first, count);
    }

    private static void ThrowNoSuchPlace() => throw new ArgumentOutOfRangeException("place");

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

    /// <summary>Whoever uses a place meanwhile is not disturbed.</summary>
    private void Touch(nuint end)
    {
        for (; _touched < end; _touched += PageBytes)
            Interlocked.Or(ref *(int*)((byte*)_first + _touched), 0);
    }
}
