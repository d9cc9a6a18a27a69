namespace IpvsSync.Protocol.Wire;

/// <summary>
/// Where the entry just read, and its parts, lie in the message. The marks of parts are offsets of their data, 0 if absent,
/// since offset 0 is always the header; an option's length is the byte before its data.
/// </summary>
internal struct EntryMarks
{
    /// <summary>Just after the entry, padding not included.</summary>
    internal int End;

    /// <summary>Where the next entry starts, if there is one; may lie past the message's end.</summary>
    internal int Next;

    internal int Sequence;
    internal int PersistenceData;
    internal int PersistenceName;
    internal ConnectionFlags WireFlags;
}
