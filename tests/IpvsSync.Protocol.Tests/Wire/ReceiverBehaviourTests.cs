using IpvsSync.Protocol.Wire;
using static IpvsSync.Protocol.Tests.Wire.MessageBytes;

namespace IpvsSync.Protocol.Tests.Wire;

/// <summary>Every row of spec §11.1, as real kernels behave, and the neighbours of each limit.</summary>
public sealed class ReceiverBehaviourTests
{
    private const string Sequence = "1122334400000005000000025566778800000005 00000002";
    private const string Name = "03 03 736970";
    private const string Data = "02 02 6162";

    public static TheoryData<BehaviourCase> Cases => new(
        new BehaviourCase("type 2", With(Good, (0, 2)), Refusal.UnknownEntryType),
        new BehaviourCase("type 2 with IPv6 layout", With(Vectors.EntryE, (0, 2)), Refusal.UnknownEntryType),
        new BehaviourCase("type 3 with IPv6 layout", With(Vectors.EntryE, (0, 3)), Refusal.None),
        new BehaviourCase("type 1, length 36", With(Good, (0, 1)), Refusal.EntryLengthTooSmall),
        new BehaviourCase("entry version nibble 1", With(Good, (2, 0x10)), Refusal.UnknownEntryVersion),
        new BehaviourCase("length field 20", With(Good, (3, 20)), Refusal.EntryLengthTooSmall),
        new BehaviourCase("length field 0", With(Good, (3, 0)), Refusal.EntryLengthTooSmall),
        new BehaviourCase("length field 35", With(Good, (3, 35)), Refusal.EntryLengthTooSmall),
        new BehaviourCase("length past the message", With(Good, (2, 0x0F)), Refusal.EntryBeyondMessage),
        new BehaviourCase("option 0x05", WithOptions("05 01 00"), Refusal.UnknownMandatoryOption),
        new BehaviourCase("option 0x00", WithOptions("00 01 00"), Refusal.UnknownMandatoryOption),
        new BehaviourCase("option 0x45", WithOptions("45 01 00"), Refusal.None),
        new BehaviourCase("option 0xC5", WithOptions("C5 01 00"), Refusal.None),
        new BehaviourCase("option 0x40", WithOptions("40 01 00"), Refusal.None),
        new BehaviourCase("option 0xC1", WithOptions("C1 01 00"), Refusal.None),
        new BehaviourCase("option 0x45 twice", WithOptions("45 01 00 45 01 00"), Refusal.None),
        new BehaviourCase("option 0x81", WithOptions("81 01 00"), Refusal.UnknownMandatoryOption),
        new BehaviourCase("option 0x85", WithOptions("85 01 00"), Refusal.UnknownMandatoryOption),
        new BehaviourCase("option length 0", WithOptions("45 00"), Refusal.OptionEmpty),
        new BehaviourCase("option data past the entry's end", WithOptions("45 05 00"), Refusal.OptionBeyondEntry),
        new BehaviourCase("option data one byte past the entry's end", WithOptions("45 02 00"), Refusal.OptionBeyondEntry),
        new BehaviourCase("single stray byte", WithOptions("45"), Refusal.OptionTruncated),
        new BehaviourCase("single stray byte behind an option", WithOptions("45 01 00 45"), Refusal.OptionTruncated),
        new BehaviourCase("SEQ_DATA length 20", WithOptions("01 14" + Sequence[..40]), Refusal.SequenceLengthWrong),
        new BehaviourCase("SEQ_DATA length 25", WithOptions("01 19" + Sequence + "00"), Refusal.SequenceLengthWrong),
        new BehaviourCase("SEQ_DATA twice", WithOptions("01 18" + Sequence + "01 18" + Sequence), Refusal.SequenceTwice),
        new BehaviourCase("SEQ_DATA as 1 and 0x41", WithOptions("01 18" + Sequence + "41 18" + Sequence), Refusal.SequenceTwice),
        new BehaviourCase("PE_DATA twice", WithOptions(Data + Data + Name), Refusal.PersistenceDataTwice),
        new BehaviourCase("PE_NAME twice", WithOptions(Data + Name + Name), Refusal.PersistenceNameTwice),
        new BehaviourCase("SEQ_DATA as 0x41", WithOptions("41 18" + Sequence), Refusal.None),
        new BehaviourCase("SEQ_DATA without its flags", WithOptions("01 18" + Sequence), Refusal.None),
        new BehaviourCase("PE_DATA without PE_NAME", WithOptions(Data), Refusal.PersistenceDataWithoutName),
        new BehaviourCase("unknown engine, for the caller to refuse", WithOptions(Data + "03 03 787878"), Refusal.None),
        new BehaviourCase("PE_NAME alone", WithOptions(Name), Refusal.None),
        new BehaviourCase("PE_NAME before PE_DATA", WithOptions(Name + Data), Refusal.None),
        new BehaviourCase("PE_NAME and PE_DATA as 0x43 and 0x42", WithOptions("43 03 736970 42 02 6162"), Refusal.None),
        new BehaviourCase("PE_NAME of 16 bytes", WithOptions("03 10" + new string('6', 32)), Refusal.None),
        new BehaviourCase("PE_NAME of 17 bytes", WithOptions("03 11" + new string('6', 34)), Refusal.PersistenceNameTooLong),
        new BehaviourCase("protocol 99", With(Good, (1, 99)), Refusal.UnknownProtocol),
        new BehaviourCase("protocol 0, not a template", With(Good, (1, 0)), Refusal.UnknownProtocol),
        new BehaviourCase("TCP state 10", With(Good, (9, 10)), Refusal.None),
        new BehaviourCase("TCP state 11", With(Good, (9, 11)), Refusal.StateOutOfRange),
        new BehaviourCase("TCP state 257", With(Good, (8, 1), (9, 1)), Refusal.StateOutOfRange),
        new BehaviourCase("UDP state 1", With(Good, (1, 17)), Refusal.StateOutOfRange),
        new BehaviourCase("SCTP state 13", With(Good, (1, 132), (9, 13)), Refusal.None),
        new BehaviourCase("SCTP state 14", With(Good, (1, 132), (9, 14)), Refusal.StateOutOfRange),
        new BehaviourCase("AH state 0", With(Good, (1, 51), (9, 0)), Refusal.None),
        new BehaviourCase("AH state 1", With(Good, (1, 51), (9, 1)), Refusal.StateOutOfRange),
        new BehaviourCase("ESP state 1", With(Good, (1, 50), (9, 1)), Refusal.StateOutOfRange),
        new BehaviourCase("template of protocol 99", With(Good, (1, 99), (6, 0x10)), Refusal.None));

    [Theory]
    [MemberData(nameof(Cases))]
    public void Read_FirstEntryAndGoodEntry_BothAsInTheKernel(BehaviourCase row)
    {
        List<Outcome> outcomes = Outcome.ReadAll(V1(row.FirstEntry, Good));

        Assert.Equal(row.First, outcomes[0].Refusal);
        Assert.Equal(row.GoodIsRead ? 2 : 1, outcomes.Count);
        if (row.GoodIsRead) Assert.Equal((Refusal.None, Sample.Tcp(40001)), (outcomes[1].Refusal, outcomes[1].Entry));
        if (row.First != Refusal.None) Assert.Equal((default, "", ""), (outcomes[0].Entry, outcomes[0].Engine, outcomes[0].Data));
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Read_GoodEntryBeforeIt_IsAlwaysRead(BehaviourCase row)
    {
        byte[] message = V1(Good, row.FirstEntry, Good);

        Assert.Equal(Refusal.None, Outcome.Refusals(message)[0]);
        Assert.Equal(row.First, Outcome.Refusals(message)[1]);
    }

    [Fact]
    public void Read_Length39WithoutPadByte_MisreadsTheNextAndFindsItTooSmall()
    {
        List<byte> message = [0, 5, 0, 0, 2, 1, 0, 0, .. Hex(WithOptions("45 01 00")), .. Hex(Good)];

        Assert.Equal([Refusal.None, Refusal.EntryTruncated], Outcome.Refusals(WithSize(message)));
    }

    [Fact]
    public void Read_PadBytesOfAnyValue_AreNotLookedAt()
    {
        List<byte> message = [0, 5, 0, 0, 2, 1, 0, 0, .. Hex(WithOptions("45 01 00")), 0xFF, .. Hex(Good)];

        Assert.Equal([Refusal.None, Refusal.None], Outcome.Refusals(WithSize(message)));
    }

    [Fact]
    public void Read_MandatoryOptionBeforeABrokenOne_LosesTheEntryOnly()
    {
        string entry = WithOptions("05 01 00 45 00");

        Assert.Equal([Refusal.UnknownMandatoryOption, Refusal.None], Outcome.Refusals(V1(entry, Good)));
    }

    [Fact]
    public void Read_SequenceUnderIgnorableNumber_GivesItsValues()
    {
        Outcome outcome = Outcome.ReadAll(V1(WithOptions("41 18" + Sequence)))[0];

        Assert.True(outcome.Entry.HasSequence);
        Assert.Equal(new SequenceData(0x11223344, 5, 2, 0x55667788, 5, 2), outcome.Entry.Sequence);
    }

    [Fact]
    public void Read_NameAlone_IsReportedAndStillEmpty()
    {
        byte[] message = V1(WithOptions(Name));
        var reader = new MessageReader(message, default);

        Assert.True(reader.Read(out _));
        Assert.True(reader.Persistence.IsEmpty);
        Assert.Equal("sip"u8, reader.Persistence.Engine);
    }
}
