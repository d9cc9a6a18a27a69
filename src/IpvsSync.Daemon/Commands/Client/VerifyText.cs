using System.Globalization;
using IpvsSync.Daemon.Control.Verification;

namespace IpvsSync.Daemon.Commands.Client;

/// <summary>The result of a comparison as text.</summary>
internal static class VerifyText
{
    /// <summary>Writes the complete result.</summary>
    public static void Write(VerifyAnswer answer, TextWriter output)
    {
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{answer.Compared} connections compared, {answer.Agreeing} agree: {answer.Percent:0.##} %"));
        WriteAside(answer.Untold, "known to the kernel only, not told yet", output);
        WriteAside(answer.Ending, "known to the table only, ending", output);
        WriteAside(answer.Held, "of the peers, not injected because backup_only is on", output);
        WriteAside(answer.Dead, "of the kernel's templates whose real server is gone", output);
        WriteAside(answer.Unreadable, "of the kernel's that cannot be read", output);
        if (answer.Incomplete)
            output.WriteLine("The kernel resized its table whenever it was read: what is missing in kernel may be there. Try again later.");
        if (answer.Agreeing != answer.Compared)
            WriteDifferences(answer, output);
    }

    private static void WriteAside(long count, string text, TextWriter output)
    {
        if (count > 0)
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{count} {text}"));
    }

    private static void WriteDifferences(VerifyAnswer answer, TextWriter output)
    {
        output.WriteLine(string.Join(", ", answer.Kinds.Select(pair => string.Create(CultureInfo.InvariantCulture, $"{pair.Key}: {pair.Value}"))));
        if (answer.Differences.Count == 0)
            return;
        output.WriteLine();
        var table = new TextTable("differs", "pro", "source", "virtual", "kernel", "table");
        foreach (DifferenceAnswer difference in answer.Differences)
            table.Add(difference.Kind, difference.Protocol, difference.Source, difference.Virtual, Side(difference.Kernel), Side(difference.Ours));
        table.WriteTo(output);
        long more = answer.Compared - answer.Agreeing - answer.Differences.Count;
        if (more > 0)
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"and {more} more (--limit)"));
    }

    private static string Side(DifferenceSide? side) => side is null ? "-" : $"{side.State} {side.Destination} {side.Origin}";
}
