using System.Buffers.Binary;

namespace IpvsSync.Lab.Judge.Cases;

/// <summary>Changes one field of an entry to a value at or beyond a limit.</summary>
internal sealed class EntryMutator(Random random)
{
    private static readonly byte[] _protocols = [0, 1, 6, 17, 50, 51, 58, 99, 132, 133, 255];
    private static readonly byte[] _types = [0, 1, 2, 3, 0x80, 0x81, 0xFF];
    private static readonly byte[] _optionTypes = [0, 1, 2, 3, 4, 0x05, 0x40, 0x41, 0x42, 0x43, 0x45, 0x7F, 0x81, 0x82, 0x85, 0xC1, 0xC5, 0xFF];
    private static readonly ushort[] _flags = [0x0100, 0x0200, 0x0400, 0x0800, 0x1000, 0x1800, 0x2000, 0x3000, 0x0040, 0x4000, 0x0087, 0x0007];

    private static readonly string[] _engines = ["sip", "sip\0x", "si", "sipp", "SIP", "x", "sixteen-letters!", "seventeen-letters"];

    /// <summary>Returns a changed copy.</summary>
    public byte[] Mutate(byte[] entry, Layout layout)
    {
        byte[] copy = [.. entry];
        switch (random.Next(layout == Layout.V1 ? 9 : 4))
        {
            case 0:
                copy[layout.Protocol] = Pick(_protocols);
                break;
            case 1:
                Put(copy, layout.State, (ushort)random.Next(random.Next(3) == 0 ? ushort.MaxValue : 17));
                break;
            case 2:
                Put(copy, layout.Flags, (ushort)(Get(copy, layout.Flags) ^ Pick(_flags)));
                break;
            case 3:
                Put(copy, layout.ClientPort, (ushort)(random.Next(2) * random.Next(ushort.MaxValue)));
                break;
            case 4:
                copy[layout.Type] = Pick(_types);
                break;
            case 5:
                Put(copy, layout.Length, ChangedLength(Get(copy, layout.Length)));
                break;
            case 6:
                copy[layout.Fixed + random.Next(copy.Length - layout.Fixed + 1) - 1] = Pick(_optionTypes);
                break;
            default:
                return WithOptions(copy, layout);
        }

        return copy;
    }

    /// <summary>Returns the same connection with a change: another destination, flag or client port.</summary>
    public byte[] Again(byte[] entry, Layout layout)
    {
        byte[] copy = [.. entry];
        int destination = layout == Layout.V0 ? 19 : (copy[layout.Type] & 1) != 0 ? 71 : 35;
        if (random.Next(3) != 0 && destination < copy.Length) copy[destination] ^= (byte)random.Next(1, 4);
        if (random.Next(3) == 0) Put(copy, layout.Flags, (ushort)(Get(copy, layout.Flags) ^ 0x0100));
        if (random.Next(6) == 0) Put(copy, layout.ClientPort, (ushort)random.Next(ushort.MaxValue));
        return copy;
    }

    private ushort ChangedLength(ushort length) => random.Next(4) switch
    {
        0 => (ushort)(length | (1 << random.Next(12, 16))),
        1 => (ushort)random.Next(0x1000),
        _ => (ushort)(length + random.Next(-4, 5)),
    };

    private byte[] WithOptions(byte[] entry, Layout layout)
    {
        List<byte> bytes = [.. entry];
        for (int i = random.Next(1, 4); i > 0; i--) bytes.AddRange(Option());
        if (random.Next(5) == 0) bytes.RemoveAt(bytes.Count - 1);
        byte[] longer = [.. bytes];
        if (random.Next(8) != 0) Put(longer, layout.Length, (ushort)longer.Length);
        return longer;
    }

    private byte[] Option()
    {
        switch (random.Next(4))
        {
            case 0:
                string name = _engines[random.Next(_engines.Length)];
                return [3, (byte)name.Length, .. System.Text.Encoding.ASCII.GetBytes(name)];
            case 1:
                return [2, 2, (byte)random.Next(3), (byte)'a'];
            case 2:
                return [1, 24, .. new byte[24]];
            default:
                byte[] data = new byte[random.Next(4)];
                return [Pick(_optionTypes), (byte)data.Length, .. data];
        }
    }

    private T Pick<T>(T[] values) => values[random.Next(values.Length)];

    private static ushort Get(byte[] entry, int offset) => BinaryPrimitives.ReadUInt16BigEndian(entry.AsSpan(offset));

    private static void Put(byte[] entry, int offset, ushort value) => BinaryPrimitives.WriteUInt16BigEndian(entry.AsSpan(offset), value);
}
