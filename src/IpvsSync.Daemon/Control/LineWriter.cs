using System.Net;
using System.Text;
using System.Text.Unicode;
using IpvsSync.Protocol;

namespace IpvsSync.Daemon.Control;

/// <summary>Writes the bytes of one line of ASCII. The caller owns the bytes, which must be enough. One thread.</summary>
internal ref struct LineWriter(Span<byte> line)
{
    private const int IPv6Length = 16;

    private readonly Span<byte> _line = line;

    /// <summary>Bytes written.</summary>
    public int Length { get; private set; }

    /// <summary>Adds text.</summary>
    public void Add(ReadOnlySpan<byte> text)
    {
        text.CopyTo(_line[Length..]);
        Length += text.Length;
    }

    /// <summary>Adds text.</summary>
    public void Add(string text) => Length += Encoding.ASCII.GetBytes(text, _line[Length..]);

    /// <summary>Adds a number, with zeros before it to at least so many digits.</summary>
    public void Add(uint number, int digits = 1)
    {
        int most = digits;
        for (uint rest = number / Power(digits); rest > 0; rest /= 10)
            most++;
        for (int at = Length + most - 1; at >= Length; at--, number /= 10)
            _line[at] = (byte)('0' + (number % 10));
        Length += most;
    }

    /// <summary>Adds an address with a port: <c>10.0.0.11:80</c>, <c>[2001:db8::7]:80</c>.</summary>
    public void Add(IpFamily family, Address address, ushort port)
    {
        if (family == IpFamily.IPv6)
            AddIPv6(address);
        else
            AddIPv4((uint)address.Low);
        Add(":"u8);
        Add(port);
    }

    /// <summary>Adds blanks until the text from <paramref name="start"/> on is so wide, and one more.</summary>
    public void Pad(int start, int width)
    {
        int blanks = Math.Max(0, width - (Length - start)) + 1;
        _line.Slice(Length, blanks).Fill((byte)' ');
        Length += blanks;
    }

    private static uint Power(int digits) => digits == 1 ? 10u : 100u;

    private void AddIPv4(uint address)
    {
        for (int shift = 24; shift >= 0; shift -= 8)
        {
            Add((address >> shift) & byte.MaxValue);
            if (shift > 0)
                Add("."u8);
        }
    }

    private void AddIPv6(Address address)
    {
        Span<byte> bytes = stackalloc byte[IPv6Length];
        address.CopyTo(bytes);
        Add("["u8);
        Utf8.TryWrite(_line[Length..], $"{new IPAddress(bytes)}", out int written);
        Length += written;
        Add("]"u8);
    }
}
