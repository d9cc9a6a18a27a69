using System.Buffers.Binary;

namespace IpvsSync.Fuzz;

/// <summary>
/// Makes datagrams: damaged ones from the corpus, and random ones. Most get a correct size field, because the reader stops without it.
/// Allocates nothing; for one thread.
/// </summary>
internal sealed class Mutator(byte[][] corpus, int seed)
{
    /// <summary>The maximum length of a datagram.</summary>
    public const int MaxLength = 1472;

    private const int HeaderLength = 8;
    private const int MostDamages = 6;

    private ulong _state = ((ulong)(uint)seed * 0x9E3779B97F4A7C15) | 1;

    /// <summary>
    /// Fills <paramref name="buffer"/>, which must have at least <see cref="MaxLength"/> bytes, and returns the datagram's length.
    /// </summary>
    public int Next(Span<byte> buffer)
    {
        int length = Chance(8) ? Random(buffer) : Pick(buffer);
        for (int damages = Below(MostDamages); damages > 0; damages--) length = Damage(buffer, length);
        if (Chance(4)) length = AddField(buffer, length);
        if (Chance(3)) length = AddTrailer(buffer, length);
        if (length >= 4 && !Chance(16)) BinaryPrimitives.WriteUInt16BigEndian(buffer[2..], (ushort)length);
        return length;
    }

    private int Pick(Span<byte> buffer)
    {
        byte[] original = corpus[Below(corpus.Length)];
        original.CopyTo(buffer);
        return original.Length;
    }

    private int Random(Span<byte> buffer)
    {
        int length = Below(Chance(4) ? MaxLength : 200);
        for (int i = 0; i < length; i++) buffer[i] = (byte)Next();
        if (length < HeaderLength || Chance(4)) return length;
        buffer[0] = buffer[6] = buffer[7] = 0;
        buffer[5] = 1;
        return length;
    }

    private int Damage(Span<byte> buffer, int length)
    {
        if (length == 0) return length;
        int at = Below(length);
        switch (Below(7))
        {
            case 0: buffer[at] = (byte)Next(); return length;
            case 1: buffer[at] ^= (byte)(1 << Below(8)); return length;
            case 2: buffer[at] = Chance(2) ? (byte)0 : (byte)0xFF; return length;
            case 3: buffer[at] += (byte)(Below(9) - 4); return length;
            case 4: return at;
            case 5: return Repeat(buffer, length, at);
            default: return Graft(buffer, at);
        }
    }

    // Repeats a piece of the datagram at its end: entries and options that appear twice, counts that may or may not fit.
    private int Repeat(Span<byte> buffer, int length, int at)
    {
        int count = Math.Min(1 + Below(length - at), MaxLength - length);
        buffer.Slice(at, count).CopyTo(buffer[length..]);
        if (length >= HeaderLength && Chance(2)) buffer[buffer[0] == 0 ? 4 : 0]++;
        return length + count;
    }

    // Appends the tail of another message.
    private int Graft(Span<byte> buffer, int at)
    {
        byte[] other = corpus[Below(corpus.Length)];
        int from = Below(other.Length);
        int count = Math.Min(other.Length - from, MaxLength - at);
        other.AsSpan(from, count).CopyTo(buffer[at..]);
        return at + count;
    }

    // Without a new one behind it, damage to the length of a message mostly makes its trailer unfindable.
    private int AddTrailer(Span<byte> buffer, int length)
    {
        int size = Chance(2) ? 12 : 24;
        if (size > MaxLength - length) return length;
        for (int i = 0; i < size; i++) buffer[length + i] = (byte)Next();
        buffer[length + size - 1] = (byte)(size / 12);
        return length + size;
    }

    // A field whose length is right, or nearly so; at the end of a control message whose trailer is lost or comes after it.
    private int AddField(Span<byte> buffer, int length)
    {
        int size = Below(Chance(8) ? 400 : 26);
        if (size + 3 > MaxLength - length) return length;
        buffer[length] = (byte)Below(14);
        BinaryPrimitives.WriteUInt16BigEndian(buffer[(length + 1)..], (ushort)(Chance(8) ? size + Below(5) - 2 : size));
        for (int i = 0; i < size; i++) buffer[length + 3 + i] = Chance(2) ? (byte)0 : (byte)Next();
        return length + 3 + size;
    }

    private bool Chance(int oneIn) => Below(oneIn) == 0;

    private int Below(int limit) => (int)(((Next() >> 32) * (ulong)limit) >> 32);

    // xorshift64*: fast and repeatable.
    private ulong Next()
    {
        _state ^= _state >> 12;
        _state ^= _state << 25;
        _state ^= _state >> 27;
        return _state * 0x2545F4914F6CDD1D;
    }
}
