using IpvsSync.Protocol.Wire;

namespace IpvsSync.Lab.Judge.Kernel;

/// <summary>
/// The kernel generation that the judge expects. The caller who booted the kernel gives it; it is never guessed from behaviour, so a kernel
/// that behaves like another one is a difference.
/// </summary>
internal static class Generation
{
    /// <summary>
    /// The reader's profile for <c>--generation before</c>, which is the default, or <c>--generation hardened</c> (spec §9.3).
    /// </summary>
    public static ReaderProfile Of(Arguments arguments) => arguments.All("generation").LastOrDefault() switch
    {
        null or "before" => ReaderProfile.Kernel61176,
        "hardened" => ReaderProfile.Hardened2026,
        string other => throw new ArgumentException($"no kernel generation {other}: before, hardened"),
    };
}
