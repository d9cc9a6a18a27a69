using IpvsSync.Protocol.Wire;

namespace IpvsSync.Daemon.Commands.Decode.Output;

/// <summary>
/// Iterates over the options of a version 1 entry (spec §2.3), known or unknown, to print them; stops at a malformed option.
/// </summary>
internal ref struct OptionWalker
{
    /// <summary>The type of SEQ_DATA.</summary>
    public const int Sequence = 1;

    /// <summary>The type of PE_DATA.</summary>
    public const int PersistenceData = 2;

    /// <summary>The type of PE_NAME.</summary>
    public const int PersistenceName = 3;

    private const int HeaderLength = 2;
    private const byte Ignorable = 0x40;

    private readonly ReadOnlySpan<byte> _datagram;
    private readonly int _end;
    private int _next;

    /// <summary>Makes an iterator before the first option of the entry at <paramref name="entryOffset"/>.</summary>
    public OptionWalker(ReadOnlySpan<byte> datagram, int entryOffset, SyncVersion version)
    {
        _datagram = datagram;
        _end = version == SyncVersion.V1 ? WireLayout.EntryEnd(version, datagram, entryOffset) : 0;
        _next = WireLayout.OptionsStart(datagram, entryOffset);
    }

    /// <summary>The start of the current option, or of a malformed one.</summary>
    public int Offset { get; private set; }

    /// <summary>The type as sent.</summary>
    public readonly byte Type => _datagram[Offset];

    /// <summary>The type without the bit that lets receivers ignore it; 1 to 3 are known.</summary>
    public readonly int Kind => Type & ~Ignorable;

    /// <summary>Whether receivers that do not know the option skip it.</summary>
    public readonly bool IsIgnorable => (Type & Ignorable) != 0;

    /// <summary>Whether the protocol defines the option.</summary>
    public readonly bool IsKnown => Kind is Sequence or PersistenceData or PersistenceName;

    /// <summary>The option's data.</summary>
    public readonly ReadOnlySpan<byte> Data => _datagram.Slice(Offset + HeaderLength, _datagram[Offset + 1]);

    /// <summary>Moves to the next option; false at the end of the entry or at a malformed option.</summary>
    public bool MoveNext()
    {
        Offset = _next;
        if (_end - Offset < HeaderLength) return false;
        int length = _datagram[Offset + 1];
        if (length == 0 || length > _end - Offset - HeaderLength) return false;
        _next = Offset + HeaderLength + length;
        return true;
    }
}
