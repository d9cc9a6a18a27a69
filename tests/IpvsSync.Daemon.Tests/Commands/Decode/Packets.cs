using System.Buffers.Binary;

namespace IpvsSync.Daemon.Tests.Commands.Decode;

/// <summary>Builds packets byte by byte, from 10.2.0.1 or 2001:db8::1, port 50000, to the kernel's group.</summary>
internal static class Packets
{
    internal const string IPv6Route = "[2001:db8::1]:50000 > [ff02::81]:8848";

    private static readonly byte[] _source6 = Convert.FromHexString("20010DB8000000000000000000000001");
    private static readonly byte[] _group6 = Convert.FromHexString("FF020000000000000000000000000081");

    internal static byte[] Udp(byte[] data, ushort port = 8848) =>
        [.. Word(50000), .. Word(port), .. Word(data.Length + 8), 0, 0, .. data];

    internal static byte[] IPv4(byte[] payload, byte protocol = 17, int fragment = 0, byte[]? options = null, int identification = 7)
    {
        options ??= [];
        int length = 20 + options.Length;
        return
        [
            (byte)(0x40 | (length / 4)), 0, .. Word(length + payload.Length), .. Word(identification), .. Word(fragment), 1, protocol, 0, 0,
            10, 2, 0, 1, 224, 0, 0, 81, .. options, .. payload,
        ];
    }

    internal static byte[] IPv6(byte next, byte[] payload) =>
        [0x60, 0, 0, 0, .. Word(payload.Length), next, 1, .. _source6, .. _group6, .. payload];

    internal static byte[] Ethernet(byte[] packet, int type = 0x0800) => [.. new byte[12], .. Word(type), .. packet];

    internal static byte[] Tag(byte[] packet, int type = 0x0800) => [.. Word(100), .. Word(type), .. packet];

    internal static byte[] Cooked(byte[] packet, int type = 0x0800) => [.. new byte[14], .. Word(type), .. packet];

    internal static byte[] Cooked2(byte[] packet, int type = 0x0800) => [.. Word(type), .. new byte[18], .. packet];

    /// <summary>A message as an Ethernet frame.</summary>
    internal static byte[] Frame(byte[] message, ushort port = 8848) => Ethernet(IPv4(Udp(message, port)));

    private static byte[] Word(int value)
    {
        byte[] bytes = new byte[2];
        BinaryPrimitives.WriteUInt16BigEndian(bytes, (ushort)value);
        return bytes;
    }
}
