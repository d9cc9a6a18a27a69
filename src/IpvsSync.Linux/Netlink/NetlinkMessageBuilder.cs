using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;

namespace IpvsSync.Linux.Netlink;

/// <summary>Builds requests one after another in the same buffer. For one thread.</summary>
/// <remarks>
/// <code>
/// nlmsghdr (16) | family header | attribute | attribute ...      each padded to 4 bytes
/// attribute: length u16 (padding not counted) | type u16 | value
/// </code>
/// All integers in host order unless a method says otherwise.
/// </remarks>
internal sealed class NetlinkMessageBuilder
{
    private readonly byte[] _buffer;
    private int _length;

    internal NetlinkMessageBuilder(int capacity = 1024)
    {
        _buffer = new byte[capacity];
    }

    /// <summary>The message built so far, with its current length in the header.</summary>
    internal ReadOnlySpan<byte> Message => _buffer.AsSpan(0, _length);

    /// <summary>Starts a new message. The sequence number is filled in by <see cref="NetlinkConnection"/>.</summary>
    internal NetlinkMessageBuilder Begin(ushort type, ushort flags)
    {
        _length = 0;
        Span<byte> header = Reserve(LinuxNetlink.NLMSG_HDRLEN);
        Host(header[4..], type);
        Host(header[6..], (ushort)(LinuxNetlink.NLM_F_REQUEST | flags));
        return Sized();
    }

    /// <summary>Starts a generic netlink message.</summary>
    internal NetlinkMessageBuilder BeginGeneric(ushort family, ushort flags, byte command, byte version)
    {
        Begin(family, flags);
        Span<byte> header = Reserve(LinuxGenetlink.GENL_HDRLEN);
        header[0] = command;
        header[1] = version;
        return Sized();
    }

    internal void SetSequence(uint sequence) => Host(_buffer.AsSpan(8), sequence);

    /// <summary>Appends a family header, zeroed, and returns its bytes.</summary>
    internal Span<byte> AddHeader(int length)
    {
        Span<byte> room = Reserve(length);
        Sized();
        return room;
    }

    internal NetlinkMessageBuilder Add(ushort type, byte value) => AddBytes(type, [value]);

    internal NetlinkMessageBuilder Add(ushort type, ushort value) => AddValue(type, value);

    internal NetlinkMessageBuilder Add(ushort type, uint value) => AddValue(type, value);

    internal NetlinkMessageBuilder AddBigEndian(ushort type, ushort value) =>
        AddValue(type, BitConverter.IsLittleEndian ? BinaryPrimitives.ReverseEndianness(value) : value);

    /// <summary>Adds a string with its NUL.</summary>
    internal NetlinkMessageBuilder Add(ushort type, string value)
    {
        Span<byte> room = Attribute(type, Encoding.UTF8.GetByteCount(value) + 1);
        Encoding.UTF8.GetBytes(value, room);
        return Sized();
    }

    internal NetlinkMessageBuilder AddBytes(ushort type, ReadOnlySpan<byte> value)
    {
        value.CopyTo(Attribute(type, value.Length));
        return Sized();
    }

    /// <summary>Opens a nested attribute; pass the result to <see cref="EndNested"/>.</summary>
    internal int BeginNested(ushort type)
    {
        int start = _length;
        Attribute(type, 0);
        return start;
    }

    internal NetlinkMessageBuilder EndNested(int start)
    {
        Host(_buffer.AsSpan(start), checked((ushort)(_length - start)));
        return Sized();
    }

    private NetlinkMessageBuilder AddValue<T>(ushort type, T value)
        where T : unmanaged => AddBytes(type, MemoryMarshal.AsBytes(new ReadOnlySpan<T>(in value)));

    private Span<byte> Attribute(ushort type, int length)
    {
        Span<byte> header = Reserve(LinuxNetlink.NLA_HDRLEN);
        Host(header, checked((ushort)(LinuxNetlink.NLA_HDRLEN + length)));
        Host(header[2..], type);
        return Reserve(length);
    }

    // Zeroes the returned bytes and their padding.
    private Span<byte> Reserve(int length)
    {
        int padded = LinuxNetlink.Align(length);
        if (padded > _buffer.Length - _length)
            throw new InvalidOperationException($"A netlink request does not fit into {_buffer.Length} bytes.");
        Span<byte> room = _buffer.AsSpan(_length, padded);
        room.Clear();
        _length += padded;
        return room[..length];
    }

    private NetlinkMessageBuilder Sized()
    {
        Host(_buffer, (uint)_length);
        return this;
    }

    private static void Host<T>(Span<byte> target, T value)
        where T : struct => MemoryMarshal.Write(target, in value);
}
