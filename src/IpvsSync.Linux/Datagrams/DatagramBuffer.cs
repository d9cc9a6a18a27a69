using System.Runtime.InteropServices;

namespace IpvsSync.Linux.Datagrams;

/// <summary>Room for one datagram, at an address that never moves, so that the kernel can be pointed at it once.</summary>
/// <remarks>
/// Made once and used again and again. It belongs to whoever holds it: during a call of
/// <see cref="IDatagramReceiver.Receive"/> or <see cref="IDatagramSender.Send"/> to that call. Not for two threads at once.
/// </remarks>
public sealed class DatagramBuffer
{
    /// <summary>The largest payload of an UDP datagram over IPv4, in bytes.</summary>
    public const int MaxPayload = 65507;

    private readonly byte[] _space;
    private int _length;

    /// <summary>Room for <paramref name="capacity"/> bytes.</summary>
    public DatagramBuffer(int capacity)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(capacity);
        _space = GC.AllocateArray<byte>(capacity, pinned: true);
    }

    /// <summary>The whole room, whatever is in it.</summary>
    public Span<byte> Space => _space;

    /// <summary>Bytes of the room that are the datagram. Setting it clears <see cref="Truncated"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Negative, or more than the room.</exception>
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

    /// <summary>The datagram received was longer than the room: <see cref="Content"/> is its beginning only.</summary>
    public bool Truncated { get; private set; }

    /// <summary>Who sent it, where a receiver has filled the room; not touched otherwise.</summary>
    public SourceAddress Source { get; set; }

    /// <summary>The datagram: the first <see cref="Length"/> bytes of the room.</summary>
    public ReadOnlySpan<byte> Content => _space.AsSpan(0, _length);

    /// <summary>Where the room begins; valid as long as this object is reachable.</summary>
    internal unsafe byte* Address => (byte*)Marshal.UnsafeAddrOfPinnedArrayElement(_space, 0);

    /// <summary>What the kernel reported after filling the room.</summary>
    internal void Received(int length, bool truncated, SourceAddress source)
    {
        Length = length;
        Truncated = truncated;
        Source = source;
    }
}
