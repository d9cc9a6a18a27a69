using IpvsSync.Protocol.Wire.Peering;

namespace IpvsSync.Fuzz;

#pragma warning disable CA1001 // The key lives as long as the process.

/// <summary>
/// Signs each datagram that can bear a trailer, and damages it in one way after the other. What was signed must fit, and nothing else: not with a
/// bit flipped, cut, or on another lane; nor does a datagram that was never signed. For one thread.
/// </summary>
internal sealed class SealChecker
{
    private const byte Id = 7;

    private readonly TagKey _key = new(new SecretKey(Id, [.. Enumerable.Range(0, SecretKey.LeastLength).Select(place => (byte)place)]));
    private readonly byte[] _space = new byte[Mutator.MaxLength + Trailer.SignedLength];
    private uint _turn;

    /// <summary>The number of datagrams that were signed.</summary>
    public long Sealed { get; private set; }

    /// <summary>The number of damaged ones that were refused.</summary>
    public long Refused { get; private set; }

    /// <summary>Checks one datagram; returns the fault, or null.</summary>
    public string? Check(ReadOnlySpan<byte> datagram)
    {
        if (Fits(datagram, lane: 0)) return "a tag that nobody has made";
        datagram.CopyTo(_space);
        int length = Trailer.Append(_space, datagram.Length, new Trailer(0xA1B2C3D4, ++_turn, Id, TrailerType.Signed));
        if (length == datagram.Length) return null;
        Sealed++;
        byte lane = (byte)(_turn >> 3);
        Span<byte> message = _space.AsSpan(0, length);
        _key.Seal(message, lane);
        if (!Fits(message, lane)) return "a tag that does not fit its own message";
        return Damage(message, lane) ? "a damaged message that fits" : null;
    }

    private bool Damage(Span<byte> message, byte lane)
    {
        Refused++;
        switch (_turn % 8)
        {
            case 0: return Fits(message, (byte)(lane + 1 + (_turn % 255)));
            case 1: return Fits(message[..(int)(_turn % (uint)message.Length)], lane);
            default:
                uint bit = (_turn * 2654435761) % (uint)(message.Length * 8);
                message[(int)(bit / 8)] ^= (byte)(1 << (int)(bit % 8));
                return Fits(message, lane);
        }
    }

    private bool Fits(ReadOnlySpan<byte> datagram, byte lane) => TagKey.IdIn(datagram) == Id && _key.Fits(datagram, lane);
}
