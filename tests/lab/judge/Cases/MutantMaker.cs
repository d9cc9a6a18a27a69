namespace IpvsSync.Lab.Judge.Cases;

/// <summary>Makes valid messages and then damages them; the same seed gives the same messages.</summary>
internal sealed class MutantMaker
{
    private const int MostEntries = 6;
    private const int MostNoise = 40;

    private readonly Random _random;
    private readonly EntryMaker _entries;
    private readonly EntryMutator _mutator;

    public MutantMaker(int seed)
    {
        _random = new Random(seed);
        _entries = new EntryMaker(_random);
        _mutator = new EntryMutator(_random);
    }

    /// <summary>Makes the message with this number. Nearly all have at least one fault.</summary>
    public byte[] Make(int number)
    {
        bool isV1 = _random.Next(3) != 0;
        Layout layout = isV1 ? Layout.V1 : Layout.V0;
        byte[][] entries = new byte[_random.Next(1, MostEntries + 1)][];
        for (int i = 0; i < entries.Length; i++)
        {
            entries[i] = i > 0 && _random.Next(3) == 0
                ? _mutator.Again(entries[_random.Next(i)], layout)
                : _entries.Make(isV1, number, i);
        }

        int kind = _random.Next(3);
        if (kind != 1)
        {
            int victim = _random.Next(entries.Length);
            entries[victim] = _mutator.Mutate(entries[victim], layout);
        }

        byte[] message = isV1 ? Bytes.V1(entries) : Bytes.V0(entries);
        return kind == 0 ? message : Spoil(message);
    }

    private byte[] Spoil(byte[] message)
    {
        for (int i = _random.Next(1, 4); i > 0 && message.Length > 0; i--) message = SpoilOnce(message);
        return message;
    }

    private byte[] SpoilOnce(byte[] message)
    {
        switch (_random.Next(12))
        {
            case <= 3:
                message[AnyBody(message)] ^= (byte)(1 << _random.Next(8));
                return message;
            case <= 5:
                message[AnyBody(message)] = (byte)_random.Next(256);
                return message;
            case <= 7:
                return Bytes.Sized(message[..^_random.Next(1, Math.Min(message.Length, MostNoise))]);
            case 8:
                return message[..^_random.Next(1, message.Length + 1)];
            case 9:
                return Bytes.Sized([.. message, .. Noise()]);
            case 10:
                message[_random.Next(Math.Min(Bytes.HeaderV1, message.Length))] ^= (byte)(1 << _random.Next(8));
                return message;
            default:
                return WithCount(message);
        }
    }

    // The header is damaged in a case of its own, because a message refused as a whole tests little.
    private int AnyBody(byte[] message) => message.Length > Bytes.HeaderV1 ? _random.Next(Bytes.HeaderV0, message.Length) : 0;

    private byte[] WithCount(byte[] message)
    {
        int offset = message[0] == 0 ? 4 : 0;
        if (offset < message.Length) message[offset] = (byte)(_random.Next(3) == 0 ? _random.Next(256) : message[offset] + _random.Next(-1, 3));
        return message;
    }

    private byte[] Noise()
    {
        byte[] noise = new byte[_random.Next(1, MostNoise)];
        _random.NextBytes(noise);
        return noise;
    }
}
