using IpvsSync.Protocol;
using IpvsSync.Protocol.Wire;

namespace IpvsSync.Daemon.Commands.Decode.Output;

/// <summary>Finds the byte that causes a refusal.</summary>
internal static class RefusalPlace
{
    private const int SyncId = 1;
    private const int Size = 2;

    /// <summary>The offset in the datagram for a refusal of the whole message.</summary>
    public static int InHeader(Refusal refusal) => refusal switch
    {
        Refusal.SizeMismatch => Size,
        Refusal.OtherSyncId => SyncId,
        _ => 0,
    };

    /// <summary>The offset in the datagram for a refusal of an entry, or of the rest of the message.</summary>
    public static int InEntry(in EntryView entry) => entry.Refusal switch
    {
        Refusal.V0SequenceTruncated => entry.Offset + WireLayout.SequenceV0,
        Refusal.EntryBeyondMessage or Refusal.UnknownEntryVersion or Refusal.EntryLengthTooSmall => entry.Offset + WireLayout.LengthV1,
        Refusal.OnePacket or Refusal.TemplateWithoutClientPort => entry.Offset + WireLayout.Flags(entry.Version),
        Refusal.UnknownProtocol => entry.Offset + WireLayout.Protocol,
        Refusal.StateOutOfRange or Refusal.TemplateStateOutOfRange => entry.Offset + WireLayout.State(entry.Version),
        Refusal.OptionTruncated or Refusal.OptionEmpty or Refusal.OptionBeyondEntry or Refusal.SequenceLengthWrong or Refusal.SequenceTwice
            or Refusal.PersistenceDataTwice or Refusal.PersistenceNameTooLong or Refusal.PersistenceNameTwice or Refusal.UnknownMandatoryOption
            or Refusal.PersistenceDataWithoutName => InOptions(entry),
        _ => entry.Offset,
    };

    private static int InOptions(in EntryView entry)
    {
        OptionWalker options = entry.Options;
        int seen = 0;
        while (options.MoveNext())
        {
            int bit = options.IsKnown ? 1 << options.Kind : 0;
            if (IsAtFault(entry.Refusal, options, isSecond: (seen & bit) != 0)) return options.Offset;
            seen |= bit;
        }

        return options.Offset;
    }

    private static bool IsAtFault(Refusal refusal, OptionWalker option, bool isSecond) => refusal switch
    {
        Refusal.SequenceLengthWrong => option.Kind == OptionWalker.Sequence,
        Refusal.SequenceTwice => isSecond && option.Kind == OptionWalker.Sequence,
        Refusal.PersistenceDataTwice => isSecond && option.Kind == OptionWalker.PersistenceData,
        Refusal.PersistenceNameTwice => isSecond && option.Kind == OptionWalker.PersistenceName,
        Refusal.PersistenceNameTooLong =>
            option.Kind == OptionWalker.PersistenceName && option.Data.Length > PersistenceData.MaxEngineLength,
        Refusal.PersistenceDataWithoutName => option.Kind == OptionWalker.PersistenceData,
        Refusal.UnknownMandatoryOption => option is { IsKnown: false, IsIgnorable: false },
        _ => false,
    };
}
