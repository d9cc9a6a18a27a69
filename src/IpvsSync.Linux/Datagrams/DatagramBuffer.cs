using System.Runtime.InteropServices;

namespace IpvsSync.Linux.Datagrams;

/// <summary>A buffer for one datagram at an address that never moves, so that the kernel's structures can keep pointing at it.</summary>
/// <remarks>
/// Made once and reused. Its holder owns it; during a call of <see cref="IDatagramReceiver.Receive"/> or
/// <see cref="IDatagramSender.Send"/> that call owns it. Not for two threads at the same time.
/// </remarks>
public sealed class DatagramBuffer
{
    /// <summary>The largest payload of an UDP datagram over IPv4, in bytes.</summary>
    public const int MaxPayload = 65507;

    /// <summary>See <see cref="Path"/>.</summary>
    public const int AllPaths = -1;

    private readonly byte[] _space;
    private int _length;

    /// <summary>Allocates <paramref name="capacity"/> bytes.</summary>
    public DatagramBuffer(int capacity)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(capacity);
        _space = GC.AllocateArray<byte>(capacity, pinned: true);
    }

    /// <summary>The whole buffer, whatever its content.</summary>
    public Span<byte> Space => _space;

    /// <summary>The number of bytes of the buffer that belong to the datagram. Setting it clears <see cref="Truncated"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Negative, or more than the buffer's size.</exception>
    public int Length
    {
        get => _length;
        set
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)value, (uint)_space.Length, nameof(value));
            _length = value;
            Truncated = false;
        }
    }

    /// <summary>The received datagram was longer than the buffer: <see cref="Content"/> is only its beginning.</summary>
    public bool Truncated { get; private set; }

    /// <summary>The sender's address, set when a receiver fills the buffer; otherwise unchanged.</summary>
    public SourceAddress Source { get; set; }

    /// <summary>
    /// For a sender with several paths: the one that the datagram takes; <see cref="AllPaths"/> for each of them, which is what it is at first. Other senders
    /// do not look at it.
    /// </summary>
    public int Path { get; set; } = AllPaths;

    /// <summary>The datagram: the first <see cref="Length"/> bytes of the buffer.</summary>
    public ReadOnlySpan<byte> Content => _space.AsSpan(0, _length);

    /// <summary>The start of the buffer; valid as long as this object is reachable.</summary>
    internal unsafe byte* Address => (byte*)Marshal.UnsafeAddrOfPinnedArrayElement(_space, 0);

    /// <summary>Stores what the kernel reported after it filled the buffer.</summary>
    internal void Received(int length, bool truncated, SourceAddress source)
    {
        Length = length;
        Truncated = truncated;
        Source = source;
    }
}
