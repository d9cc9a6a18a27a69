namespace IpvsSync.Lab.Judge.Cases;

/// <summary>Bytes that the specification prints or describes.</summary>
/// <param name="Name">The name of the vector.</param>
/// <param name="Message">The bytes.</param>
/// <param name="Expected">
/// The table after it according to the specification: lines of <c>/proc/net/ip_vs_conn</c>, first eight columns.
/// </param>
/// <param name="Words">The same as text for people.</param>
internal sealed record Vector(string Name, byte[] Message, string[] Expected, string Words);
