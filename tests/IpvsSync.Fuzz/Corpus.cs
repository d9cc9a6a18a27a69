namespace IpvsSync.Fuzz;

/// <summary>
/// The messages from which mutation starts: one per line in hex, in the files of <c>Corpus/</c>; <c>#</c> starts a comment.
/// </summary>
internal static class Corpus
{
    /// <summary>Reads all messages.</summary>
    public static byte[][] Load() =>
    [
        .. Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "Corpus"), "*.hex")
            .Order(StringComparer.Ordinal)
            .SelectMany(File.ReadLines)
            .Select(line => line.Split('#')[0].Replace(" ", "", StringComparison.Ordinal))
            .Where(line => line.Length > 0)
            .Select(Convert.FromHexString),
    ];
}
