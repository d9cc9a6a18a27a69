namespace IpvsSync.Protocol.Wire;

/// <summary>Properties of a <see cref="Refusal"/>.</summary>
public static class RefusalExtensions
{
    /// <summary>The number of values including <see cref="Refusal.None"/>: the length of an array with one counter each.</summary>
    public const int Count = (int)Refusal.PersistenceDataTooLong + 1;

    /// <summary>
    /// How much of the datagram is lost with a reader's refusal. A writer's refusal always concerns one entry, whatever this returns:
    /// <see cref="Refusal.PersistenceNameTooLong"/> is used by both.
    /// </summary>
    public static RefusalScope Scope(this Refusal refusal) => refusal switch
    {
        Refusal.MessageTooShort or Refusal.SizeMismatch or Refusal.OtherSyncId or Refusal.NoEntriesInV0 => RefusalScope.Message,
        Refusal.V0EntryTruncated or Refusal.V0SequenceTruncated
            or Refusal.EntryTruncated or Refusal.EntryBeyondMessage or Refusal.UnknownEntryVersion or Refusal.UnknownEntryType or Refusal.EntryLengthTooSmall
            or Refusal.OptionTruncated or Refusal.OptionEmpty or Refusal.OptionBeyondEntry
            or Refusal.SequenceLengthWrong or Refusal.SequenceTwice
            or Refusal.PersistenceDataTwice or Refusal.PersistenceNameTooLong or Refusal.PersistenceNameTwice => RefusalScope.RestOfMessage,
        _ => RefusalScope.Entry,
    };
}
