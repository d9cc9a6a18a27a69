using IpvsSync.Protocol.Wire;

namespace IpvsSync.Daemon.Commands.Decode.Output;

/// <summary>The texts of refusals, to follow "refused: ".</summary>
internal static class RefusalText
{
    /// <summary>The reason of the refusal.</summary>
    public static string Words(Refusal refusal) => refusal switch
    {
        Refusal.MessageTooShort => "fewer than the 4 bytes of a header",
        Refusal.SizeMismatch => "the size in the header is not the length of the datagram",
        Refusal.OtherSyncId => "for another sync id",
        Refusal.NoEntriesInV0 => "neither version 1 nor any entry of version 0",
        Refusal.V0EntryTruncated => "the message ends inside an entry",
        Refusal.V0SequenceTruncated => "the flags promise sequence data, and the message ends before it does",
        Refusal.EntryTruncated => "fewer bytes left than the shortest entry has",
        Refusal.EntryBeyondMessage => "the entry's length reaches past the message",
        Refusal.UnknownEntryVersion => "an entry version other than 0",
        Refusal.UnknownEntryType => "an entry type that is neither IPv4 nor IPv6",
        Refusal.EntryLengthTooSmall => "the entry's length is less than its addresses need",
        Refusal.OptionTruncated => "a single byte where an option should begin",
        Refusal.OptionEmpty => "an option without data",
        Refusal.OptionBeyondEntry => "an option that reaches past its entry",
        Refusal.SequenceLengthWrong => "sequence data that is not 24 bytes long",
        Refusal.SequenceTwice => "sequence data twice",
        Refusal.PersistenceDataTwice => "persistence data twice",
        Refusal.PersistenceNameTooLong => "the name of a persistence engine longer than 16 bytes",
        Refusal.PersistenceNameTwice => "the name of the persistence engine twice",
        Refusal.UnknownMandatoryOption => "an unknown option that is not marked as ignorable",
        Refusal.OnePacket => "the flag ONE_PACKET, which is never sent",
        Refusal.TemplateWithoutClientPort => "the flags NO_CPORT and TEMPLATE together",
        Refusal.UnknownProtocol => "a protocol that IPVS does not balance",
        Refusal.StateOutOfRange => "a state that the protocol does not have",
        Refusal.TemplateStateOutOfRange => "a template state above 1",
        Refusal.PersistenceDataWithoutName => "persistence data without the name of its engine",
        _ => refusal.ToString(),
    };

    /// <summary>How much is lost with the refusal.</summary>
    public static string Loss(RefusalScope scope) => scope switch
    {
        RefusalScope.Message => "the whole message is ignored",
        RefusalScope.RestOfMessage => "the rest of the message is lost",
        _ => "this entry is left out",
    };
}
