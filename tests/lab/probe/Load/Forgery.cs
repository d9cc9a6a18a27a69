using System.Buffers.Binary;

namespace IpvsSync.Lab.Load;

/// <summary>
/// Makes something else of a signed message (docs/protocol.md, "Authentication"):
/// <c>same</c>; <c>lane</c>: for the port of the other lane of two; <c>flip</c>: one bit is another; <c>cut</c>: some bytes less; <c>mended</c>: some bytes less,
/// and the size says so; <c>bare</c>: without a trailer, as a kernel's; <c>unsigned</c>: with one that is not signed; <c>tag</c>: with a random tag; <c>key</c>: under a
/// key that nobody has. The last four tell of connections from a client that nobody has, so that what is believed shows.
/// </summary>
internal sealed class Forgery(string kind, int seed)
{
    private const int SizeOffset = 2;
    private const int CountOffset = 4;
    private const int HeaderLength = 8;
    private const int SignedLength = 24;
    private const int NumberLength = 10;
    private const int ClientOffset = 24;
    private const byte Unsigned = 1;
    private const byte UnknownKey = 200;

    private readonly Random _random = new(seed);

    /// <summary>Whether a message of version 1 has entries.</summary>
    public static bool HasEntries(ReadOnlySpan<byte> message) => message.Length > HeaderLength + SignedLength && message[CountOffset] > 0;

    /// <summary>Makes one.</summary>
    /// <param name="recorded">The message and its lane.</param>
    /// <param name="firstPort">The port of lane 0.</param>
    public RawMessage Of(RawMessage recorded, int firstPort)
        => new(firstPort + (kind == "lane" ? recorded.Port ^ 1 : recorded.Port), Change([.. recorded.Bytes]));

    private byte[] Change(byte[] message)
    {
        switch (kind)
        {
            case "same" or "lane":
                return message;
            case "flip":
                message[_random.Next(message.Length)] ^= (byte)(1 << _random.Next(8));
                return message;
            case "cut":
                return message[.._random.Next(1, message.Length)];
            case "mended":
                return Sized(message[.._random.Next(HeaderLength, message.Length)]);
            case "bare":
                return Sized(Foreign(message)[..^SignedLength]);
            case "unsigned":
                return Sized([.. Foreign(message)[..^(SignedLength - NumberLength)], 0, Unsigned]);
            case "tag":
                _random.NextBytes(Foreign(message).AsSpan(message.Length - SignedLength + NumberLength, SignedLength - NumberLength - 2));
                return message;
            case "key":
                Foreign(message)[^2] = UnknownKey;
                return message;
            default:
                throw new ArgumentException($"--as {kind}");
        }
    }

    private static byte[] Sized(byte[] message)
    {
        BinaryPrimitives.WriteUInt16BigEndian(message.AsSpan(SizeOffset), (ushort)message.Length);
        return message;
    }

    /// <summary>Has all entries tell of a client in 10.66.0.0/16.</summary>
    private static byte[] Foreign(byte[] message)
    {
        for (int at = HeaderLength, left = message[CountOffset]; left > 0; left--)
        {
            (message[at + ClientOffset], message[at + ClientOffset + 1]) = (10, 66);
            at += BinaryPrimitives.ReadUInt16BigEndian(message.AsSpan(at + 2)) & 0x0FFF;
        }

        return message;
    }
}
