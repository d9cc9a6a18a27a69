namespace IpvsSync.Fuzz;

/// <summary>
/// The messages from which mutation starts: one per line in hex, in the files of <c>Corpus/</c>; <c>#</c> starts a comment.
/// </summary>
internal static class Corpus
{
    /// <summary>Reads all messages.</summary>
    public static byte[][] Load() => Load("*.hex");

    /// <summary>Reads those that a kernel can send or be sent, without a trailer of ours.</summary>
    public static byte[][] LoadOfKernels() => Load("messages.hex");

    private static byte[][] Load(string files) =>
    [
        .. Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "Corpus"), files)
            .Order(StringComparer.Ordinal)
            .SelectMany(File.ReadLines)
            .Select(line => line.Split('#')[0].Replace(" ", "", StringComparison.Ordinal))
            .Where(line => line.Length > 0)
            .Select(Convert.FromHexString),
    ];
}
