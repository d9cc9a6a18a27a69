namespace IpvsSync.Lab.Judge.Cases;

/// <summary>Bytes that the specification prints or describes.</summary>
/// <param name="Name">Which.</param>
/// <param name="Message">The bytes.</param>
/// <param name="Expected">The specification's word on the table behind it: lines of <c>/proc/net/ip_vs_conn</c>, first eight columns.</param>
/// <param name="Words">The same for people.</param>
internal sealed record Vector(string Name, byte[] Message, string[] Expected, string Words);
