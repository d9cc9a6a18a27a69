namespace IpvsSync.Linux.Bpf;

/// <summary>A member of a structure.</summary>
/// <param name="Type">Its type, behind whatever names.</param>
/// <param name="Offset">Bytes from the start of the structure that was searched.</param>
/// <param name="IsBits">Whether it is a field of bits, which no plain load reads.</param>
internal readonly record struct BtfMember(BtfType Type, long Offset, bool IsBits)
{
    /// <summary>Structures without a name inside each other; more do not occur.</summary>
    private const int MostNested = 8;

    /// <summary>Members that a search looks at. Damaged data could have it look for ever.</summary>
    private const int MostVisited = 100_000;

    /// <summary>Finds a member by name, also in structures and unions that have no name themselves.</summary>
    /// <returns>Null if there is none.</returns>
    public static BtfMember? Find(BtfType type, ReadOnlySpan<byte> name)
    {
        int left = MostVisited;
        return Find(type, name, MostNested, ref left);
    }

    private static BtfMember? Find(BtfType type, ReadOnlySpan<byte> name, int depth, ref int left)
    {
        if (depth == 0 || type.Kind is not (BtfKind.Struct or BtfKind.Union))
            return null;
        for (int i = 0; i < type.Count && left-- > 0; i++)
        {
            ReadOnlySpan<byte> own = type.MemberName(i);
            if (own.SequenceEqual(name))
                return type.Member(i);
            if (!own.IsEmpty)
                continue;
            BtfMember hidden = type.Member(i);
            if (Find(hidden.Type.Plain, name, depth - 1, ref left) is { } inner)
                return inner with { Offset = inner.Offset + hidden.Offset };
        }

        return null;
    }
}
