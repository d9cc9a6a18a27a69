using System.Text;

namespace IpvsSync.Linux.Bpf;

/// <summary>One type. Of <c>default</c>, which stands for void and for every type that there is not, all can be asked, too.</summary>
/// <remarks><code>
/// struct btf_type: 0 name_off u32   4 info u32: vlen 0..15, kind 24..28, flag 31   8 size or type u32   12 what the kind adds
/// </code></remarks>
internal readonly struct BtfType
{
    internal const int HeadSize = 12;
    private const int MemberSize = 12;
    private const int ParameterSize = 8;

    /// <summary>Longer chains of other names do not occur; a damaged one may have no end.</summary>
    private const int LongestChain = 32;

    private readonly BtfTypes? _types;
    private readonly ReadOnlyMemory<byte> _data;

    internal BtfType(BtfTypes types, int number, ReadOnlyMemory<byte> data)
    {
        _types = types;
        _data = data;
        Number = number;
    }

    /// <summary>Its number, for the kernel.</summary>
    public int Number { get; }

    /// <summary>What it is.</summary>
    public BtfKind Kind => _types is null ? BtfKind.None : KindOf(_data.Span);

    /// <summary>Its name; empty if it has none.</summary>
    public ReadOnlySpan<byte> Name => _types is null ? [] : _types.NameAt(BtfTypes.Word(_data.Span, 0));

    /// <summary>How many members or parameters it has.</summary>
    public int Count => _types is null ? 0 : CountOf(_data.Span);

    /// <summary>The type that it names, points to or returns.</summary>
    public BtfType Target => _types is null ? default : _types[(int)SizeOrType];

    /// <summary>The type behind other names and qualifiers.</summary>
    public BtfType Plain
    {
        get
        {
            BtfType type = this;
            for (int step = 0; step < LongestChain; step++)
            {
                if (type.Kind is not (BtfKind.Typedef or BtfKind.Volatile or BtfKind.Const or BtfKind.Restrict or BtfKind.TypeTag))
                    return type;
                type = type.Target;
            }

            return default;
        }
    }

    /// <summary>The structure that it points to, where it is described. No structure if it does not point to one.</summary>
    public BtfType PointedStruct
    {
        get
        {
            BtfType target = Plain.Kind == BtfKind.Pointer ? Plain.Target.Plain : default;
            return target.Kind switch
            {
                BtfKind.Struct => target,
                BtfKind.Forward => target._types!.Find(BtfKind.Struct, target.Name),
                _ => default,
            };
        }
    }

    /// <summary>Bytes of a value; 0 if that is not known.</summary>
    public long Size
    {
        get
        {
            BtfType plain = Plain;
            return plain.Kind switch
            {
                BtfKind.Pointer => sizeof(ulong),
                BtfKind.Int or BtfKind.Struct or BtfKind.Union or BtfKind.Enum or BtfKind.Enum64 => plain.SizeOrType,
                _ => 0,
            };
        }
    }

    private uint SizeOrType => BtfTypes.Word(_data.Span, 8);

    private bool Flag => BtfTypes.Word(_data.Span, 4) >> 31 != 0;

    /// <summary>The type of a prototype's parameter.</summary>
    public BtfType Parameter(int index)
        => Kind == BtfKind.Prototype && index < Count ? _types![(int)BtfTypes.Word(_data.Span, HeadSize + (index * ParameterSize) + 4)] : default;

    /// <summary>A structure's or union's member as it is written there; its name may be empty.</summary>
    internal BtfMember Member(int index)
    {
        ReadOnlySpan<byte> member = _data.Span.Slice(HeadSize + (index * MemberSize), MemberSize);
        uint place = BtfTypes.Word(member, 8);
        BtfType type = _types![(int)BtfTypes.Word(member, 4)];
        uint bit = Flag ? place & 0xFFFFFF : place;
        bool isBits = (Flag && place >> 24 != 0) || bit % 8 != 0 || type.Plain.HasSpareBits;
        return new BtfMember(type, bit / 8, isBits);
    }

    internal ReadOnlySpan<byte> MemberName(int index) => _types!.NameAt(BtfTypes.Word(_data.Span, HeadSize + (index * MemberSize)));

    /// <summary>As in the kernel's description of bits before the flag: an integer that has fewer bits than its bytes.</summary>
    private bool HasSpareBits => Kind == BtfKind.Int && (BtfTypes.Word(_data.Span, HeadSize) & 0xFF) != SizeOrType * 8;

    /// <inheritdoc/>
    public override string ToString() => $"{Kind} {Encoding.UTF8.GetString(Name)}";

    /// <summary>Bytes of the description that begins here; 0 if it is cut short or of an unknown kind.</summary>
    internal static int SizeAt(ReadOnlySpan<byte> data)
    {
        if (data.Length < HeadSize)
            return 0;
        int more = KindOf(data) switch
        {
            BtfKind.Int or BtfKind.Variable or BtfKind.DeclarationTag => 4,
            BtfKind.Array => 12,
            BtfKind.Struct or BtfKind.Union or BtfKind.DataSection or BtfKind.Enum64 => MemberSize * CountOf(data),
            BtfKind.Enum or BtfKind.Prototype => ParameterSize * CountOf(data),
            BtfKind.None or > BtfKind.Enum64 => -1,
            _ => 0,
        };
        return more >= 0 && HeadSize + more <= data.Length ? HeadSize + more : 0;
    }

    private static BtfKind KindOf(ReadOnlySpan<byte> data) => (BtfKind)(BtfTypes.Word(data, 4) >> 24 & 0x1F);

    private static int CountOf(ReadOnlySpan<byte> data) => (int)(BtfTypes.Word(data, 4) & 0xFFFF);
}
