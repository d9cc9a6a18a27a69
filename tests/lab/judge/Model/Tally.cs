using IpvsSync.Protocol.Wire;

namespace IpvsSync.Lab.Judge.Model;

/// <summary>How often each refusal and each rule was met, so that a verdict cannot rest on nothing.</summary>
internal sealed class Tally(ReaderProfile generation)
{
    // What the reader says of a hardened kernel alone.
    private static readonly Refusal[] _hardened = [Refusal.OnePacket, Refusal.TemplateWithoutClientPort, Refusal.TemplateStateOutOfRange];
    private static readonly Refusal[] _writers =
    [
        Refusal.Full, Refusal.NotIPv4ForV0, Refusal.SequenceMissingForV0, Refusal.ClientPortMissing, Refusal.PersistenceDataTooLong,
    ];

    private readonly int[] _refusals = new int[RefusalExtensions.Count];
    private readonly int[] _rules = new int[Enum.GetValues<Rule>().Length];

    /// <summary>Of the kernel that is tried.</summary>
    public ReaderProfile Generation => generation;

    public void Count(Refusal refusal) => _refusals[(int)refusal]++;

    public void Count(Rule rule) => _rules[(int)rule]++;

    /// <summary>What never happened; a replaced record that lives on is too rare to be asked for.</summary>
    public IEnumerable<string> NotMet =>
        Possible.Where(refusal => _refusals[(int)refusal] == 0).Select(refusal => refusal.ToString())
            .Concat(Rules.Where(rule => _rules[(int)rule] == 0).Select(rule => rule.ToString()));

    public string Accepted => $"{_refusals[0]} entries accepted: " + string.Join(", ", Enum.GetValues<Rule>().Select(rule => $"{rule} {_rules[(int)rule]}"));

    private bool IsHardened => generation == ReaderProfile.Hardened2026;

    // What the reader can say, and the model's own word.
    private IEnumerable<Refusal> Possible =>
        Enum.GetValues<Refusal>().Except(_writers).Except(IsHardened ? [] : _hardened);

    private IEnumerable<Rule> Rules =>
        Enum.GetValues<Rule>().Except(IsHardened ? [Rule.ReplacedLivesOn, Rule.OnePacketInvisible] : [Rule.ReplacedLivesOn]);

    public string Refused =>
        "refused: " + string.Join(", ", Enum.GetValues<Refusal>().Skip(1).Where(r => _refusals[(int)r] > 0).Select(r => $"{r} {_refusals[(int)r]}"));
}
