using IpvsSync.Lab.Judge.Kernel;
using IpvsSync.Protocol.Wire;

namespace IpvsSync.Lab.Judge.Model;

/// <summary>Counts each refusal and each rule, so that a verdict cannot rest on cases that never occurred.</summary>
internal sealed class Tally(Generation generation)
{
    private static readonly Refusal[] _writers =
    [
        Refusal.Full, Refusal.NotIPv4ForV0, Refusal.SequenceMissingForV0, Refusal.ClientPortMissing, Refusal.PersistenceDataTooLong,
    ];

    private readonly int[] _refusals = new int[RefusalExtensions.Count];
    private readonly int[] _rules = new int[Enum.GetValues<Rule>().Length];

    /// <summary>The generation of the tested kernel.</summary>
    public Generation Generation => generation;

    public void Count(Refusal refusal) => _refusals[(int)refusal]++;

    public void Count(Rule rule) => _rules[(int)rule]++;

    /// <summary>The refusals and rules that never occurred. A replaced record that is found again is too rare to be required.</summary>
    public IEnumerable<string> NotMet =>
        Possible.Where(refusal => _refusals[(int)refusal] == 0).Select(refusal => refusal.ToString())
            .Concat(Rules.Where(rule => _rules[(int)rule] == 0).Select(rule => rule.ToString()));

    public string Accepted => $"{_refusals[0]} entries accepted: " + string.Join(", ", Enum.GetValues<Rule>().Select(rule => $"{rule} {_rules[(int)rule]}"));

    private bool IsHardened => generation.Profile == ReaderProfile.Hardened2026;

    // The reader's possible refusals, and the model's own.
    private IEnumerable<Refusal> Possible =>
        Enum.GetValues<Refusal>().Except(_writers).Except(NotRefused);

    // What a reader with this profile accepts.
    private Refusal[] NotRefused => generation.Profile switch
    {
        ReaderProfile.Hardened2026 => [],
        ReaderProfile.Kernel727 => [Refusal.OnePacket, Refusal.TemplateWithoutClientPort],
        _ => [Refusal.OnePacket, Refusal.TemplateWithoutClientPort, Refusal.TemplateStateOutOfRange],
    };

    private IEnumerable<Rule> Rules =>
        Enum.GetValues<Rule>().Except(IsHardened ? [Rule.ReplacedLivesOn, Rule.OnePacketInvisible] : [Rule.ReplacedLivesOn]);

    public string Refused =>
        "refused: " + string.Join(", ", Enum.GetValues<Refusal>().Skip(1).Where(r => _refusals[(int)r] > 0).Select(r => $"{r} {_refusals[(int)r]}"));
}
