using System.Buffers.Binary;

namespace IpvsSync.Linux.Bpf;

/// <summary>
/// The types that the kernel describes in <c>/sys/kernel/btf/vmlinux</c>, or those of a module, which continue them: numbers and places of
/// names go on where those of the kernel end. Nothing in the data is believed: a number or a name that leads nowhere is no type, or no name.
/// </summary>
internal sealed class BtfTypes
{
    private readonly byte[] _data;
    private readonly BtfTypes? _below;
    private readonly BtfHeader _header;
    private readonly List<int> _places = [];

    private BtfTypes(byte[] data, BtfHeader header, BtfTypes? below)
    {
        _data = data;
        _header = header;
        _below = below;
    }

    /// <summary>One more than the highest number of a type. Number 0 is void.</summary>
    public int End => First + _places.Count;

    private int First => _below?.End ?? 1;

    private int NamesFrom => _below is null ? 0 : _below.NamesEnd;

    private int NamesEnd => NamesFrom + _header.NamesLength;

    /// <summary>Reads where each type is.</summary>
    /// <param name="data">The whole data, which must not change.</param>
    /// <param name="below">The kernel's types, for those of a module.</param>
    /// <returns>Null if the data are no BTF, are damaged, or have a kind of type that this code does not know.</returns>
    public static BtfTypes? Read(byte[] data, BtfTypes? below = null)
    {
        if (BtfHeader.Read(data) is not { } header)
            return null;
        var types = new BtfTypes(data, header, below);
        for (int at = header.TypesStart; at < header.TypesEnd;)
        {
            int size = BtfType.SizeAt(data.AsSpan(at, header.TypesEnd - at));
            if (size == 0)
                return null;
            types._places.Add(at);
            at += size;
        }

        return types;
    }

    /// <summary>The type of that number.</summary>
    public BtfType this[int number]
    {
        get
        {
            if (_below is not null && number < First)
                return _below[number];
            int index = number - First;
            return index >= 0 && index < _places.Count ? new BtfType(this, number, _data.AsMemory(_places[index].._header.TypesEnd)) : default;
        }
    }

    /// <summary>The newest type of that kind and name; <see cref="BtfKind.None"/> if there is none.</summary>
    public BtfType Find(BtfKind kind, ReadOnlySpan<byte> name)
    {
        for (int number = End - 1; number > 0; number--)
        {
            BtfType type = this[number];
            if (type.Kind == kind && type.Name.SequenceEqual(name))
                return type;
        }

        return default;
    }

    /// <summary>The name that begins at a place; empty for none.</summary>
    internal ReadOnlySpan<byte> NameAt(uint place)
    {
        if (place < NamesFrom)
            return _below!.NameAt(place);
        long own = place - NamesFrom;
        if (own >= _header.NamesLength)
            return [];
        ReadOnlySpan<byte> rest = _data.AsSpan(_header.NamesStart + (int)own, _header.NamesLength - (int)own);
        int end = rest.IndexOf((byte)0);
        return end < 0 ? [] : rest[..end];
    }

    /// <summary>A word of a type's description, host order.</summary>
    internal static uint Word(ReadOnlySpan<byte> data, int at) => BinaryPrimitives.ReadUInt32LittleEndian(data[at..]);
}
