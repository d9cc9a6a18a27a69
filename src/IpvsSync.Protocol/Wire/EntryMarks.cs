namespace IpvsSync.Protocol.Wire;

/// <summary>
/// The positions of the entry just read and of its parts in the message. The position of a part is the offset of its data; 0 means absent,
/// because offset 0 is always the header. An option's length is the byte before its data.
/// </summary>
internal struct EntryMarks
{
    /// <summary>The first byte after the entry, padding not included.</summary>
    internal int End;

    /// <summary>The start of the next entry, if there is one; may lie beyond the end of the message.</summary>
    internal int Next;

    internal int Sequence;
    internal int PersistenceData;
    internal int PersistenceName;
    internal ConnectionFlags WireFlags;
}
