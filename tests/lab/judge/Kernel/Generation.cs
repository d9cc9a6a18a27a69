using IpvsSync.Protocol.Wire;

namespace IpvsSync.Lab.Judge.Kernel;

/// <summary>
/// Which kernel the judge is to expect, told by whoever booted it and never guessed from behaviour: a kernel that behaves like another one is a
/// difference.
/// </summary>
internal static class Generation
{
    /// <summary>The reader's name for <c>--generation before</c>, which is the default, or <c>--generation hardened</c> (spec §9.3).</summary>
    public static ReaderProfile Of(Arguments arguments) => arguments.All("generation").LastOrDefault() switch
    {
        null or "before" => ReaderProfile.Kernel61176,
        "hardened" => ReaderProfile.Hardened2026,
        string other => throw new ArgumentException($"no kernel generation {other}: before, hardened"),
    };
}
