namespace IpvsSync.Lab.Judge.Cases;

/// <summary>The positions of the fields of an entry in each version (spec §1.2, §2.2).</summary>
/// <param name="Type">Version 1 only.</param>
/// <param name="Length">Version 1 only.</param>
/// <param name="Protocol">One byte.</param>
/// <param name="Flags">The low 16 bits of the flags.</param>
/// <param name="State">Two bytes.</param>
/// <param name="ClientPort">Two bytes.</param>
/// <param name="Fixed">The length of the shortest entry.</param>
internal sealed record Layout(int Type, int Length, int Protocol, int Flags, int State, int ClientPort, int Fixed)
{
    public static Layout V0 { get; } = new(0, 0, 1, 20, 22, 2, 24);

    public static Layout V1 { get; } = new(0, 2, 1, 6, 8, 10, 36);
}
