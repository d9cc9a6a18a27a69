namespace IpvsSync.Protocol.Wire;

/// <summary>
/// The reason why a message or an entry is not read, or not written. <see cref="RefusalExtensions.Scope"/> gives what is lost with it.
/// Letters are the checks of spec §2.5, numbers the kernel's codes for them.
/// </summary>
public enum Refusal : byte
{
    /// <summary>Nothing refused.</summary>
    None = 0,

    /// <summary>Message: fewer than 4 bytes (spec §1.5 step 1).</summary>
    MessageTooShort,

    /// <summary>
    /// Message: the size in the header is not the datagram's length (step 2). This includes a datagram cut by a small receive buffer.
    /// </summary>
    SizeMismatch,

    /// <summary>Message: for a different sync id (step 3).</summary>
    OtherSyncId,

    /// <summary>
    /// Message: not version 1, and version 0 without entries (step 5): an unknown version or a wrapped count (spec §2.7).
    /// </summary>
    NoEntriesInV0,

    /// <summary>Rest of message, v0: the message ends inside an entry (spec §1.6).</summary>
    V0EntryTruncated,

    /// <summary>Rest of message, v0: the flags announce a sequence block, and the message ends before its end (spec §1.6).</summary>
    V0SequenceTruncated,

    /// <summary>Rest of message, check A: fewer bytes remain than the shortest entry has, "too small".</summary>
    EntryTruncated,

    /// <summary>Rest of message, check B: the entry's length reaches beyond the message.</summary>
    EntryBeyondMessage,

    /// <summary>Rest of message, check C: an entry version other than 0.</summary>
    UnknownEntryVersion,

    /// <summary>Rest of message, check D, code -10: a type that is neither IPv4 nor IPv6.</summary>
    UnknownEntryType,

    /// <summary>Rest of message, check E, code -20: the entry's length is less than its family's fixed part.</summary>
    EntryLengthTooSmall,

    /// <summary>Rest of message, check F, code -30: a single byte where an option should start.</summary>
    OptionTruncated,

    /// <summary>Rest of message, check G, code -40: an option without data.</summary>
    OptionEmpty,

    /// <summary>Rest of message, check G, code -40: an option that reaches beyond its entry.</summary>
    OptionBeyondEntry,

    /// <summary>Rest of message, check H, code -50: SEQ_DATA whose length is not 24 bytes.</summary>
    SequenceLengthWrong,

    /// <summary>Rest of message, check H, code -50: SEQ_DATA twice.</summary>
    SequenceTwice,

    /// <summary>Rest of message, check H, code -60: PE_DATA twice.</summary>
    PersistenceDataTwice,

    /// <summary>Rest of message, check H, code -70: an engine name longer than 16 bytes. The writer uses it too.</summary>
    PersistenceNameTooLong,

    /// <summary>Rest of message, check H, code -70: PE_NAME twice.</summary>
    PersistenceNameTwice,

    /// <summary>Entry, check H, code 20: an unknown option that is not marked as ignorable.</summary>
    UnknownMandatoryOption,

    /// <summary>Entry, check I, code 25: ONE_PACKET. Not with <see cref="ReaderProfile.Kernel61176"/>. The writer uses it too.</summary>
    OnePacket,

    /// <summary>
    /// Entry, check I, code 25: NO_CPORT with TEMPLATE. Not with <see cref="ReaderProfile.Kernel61176"/>. The writer uses it too.
    /// </summary>
    TemplateWithoutClientPort,

    /// <summary>Entry, check J, code 30: a connection of a protocol that IPVS does not balance. The writer uses it too.</summary>
    UnknownProtocol,

    /// <summary>Entry, check J, code 40: a state that the protocol does not have. The writer uses it too.</summary>
    StateOutOfRange,

    /// <summary>
    /// Entry, check J, code 40: a template state above 1. Not with <see cref="ReaderProfile.Kernel61176"/>. The writer uses it too.
    /// </summary>
    TemplateStateOutOfRange,

    /// <summary>Entry, check K, code 50: PE_DATA without PE_NAME. The writer uses it too.</summary>
    PersistenceDataWithoutName,

    /// <summary>
    /// Entry, check K, code 50: an engine that is not registered. The reader never uses it: its caller knows the registered engines.
    /// </summary>
    PersistenceEngineUnknown,

    /// <summary>Writer: the buffer is full, the message has 255 entries (spec §2.7), or a trailer has ended it.</summary>
    Full,

    /// <summary>Writer: version 0 carries IPv4 only (spec §1.4).</summary>
    NotIPv4ForV0,

    /// <summary>Writer: the flags announce sequence data, which version 0 cannot omit, and the entry has none (spec §1.3).</summary>
    SequenceMissingForV0,

    /// <summary>
    /// Writer: client port 0 without NO_CPORT or TEMPLATE, for which every receiver would add another record (spec §6.1).
    /// </summary>
    ClientPortMissing,

    /// <summary>Writer: PE_DATA longer than its one-byte length can express (spec §2.3).</summary>
    PersistenceDataTooLong,
}
