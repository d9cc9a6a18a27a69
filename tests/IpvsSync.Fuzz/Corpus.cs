namespace IpvsSync.Fuzz;

/// <summary>The messages that mutation starts from: one a line in hex, in the files of <c>Corpus/</c>; <c>#</c> begins a comment.</summary>
internal static class Corpus
{
    /// <summary>Reads all of them.</summary>
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
