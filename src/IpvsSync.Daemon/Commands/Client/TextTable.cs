namespace IpvsSync.Daemon.Commands.Client;

/// <summary>A table whose columns are two blanks apart, each as wide as its longest cell.</summary>
/// <param name="headings">One for each column; a leading blank aligns the column to the right.</param>
internal sealed class TextTable(params string[] headings)
{
    private const string Gap = "  ";

    private readonly List<string[]> _rows = [[.. headings.Select(heading => heading.TrimStart())]];

    /// <summary>Whether there are no rows below the headings.</summary>
    public bool IsEmpty => _rows.Count == 1;

    /// <summary>Adds a row with a cell for each column.</summary>
    public void Add(params string[] row) => _rows.Add(row);

    /// <summary>
    /// Writes the headings and rows. On a terminal that is too narrow, the columns that do not fit follow below, each time with the first one.
    /// </summary>
    public void WriteTo(TextWriter output)
    {
        int[] widths = [.. headings.Select((_, column) => _rows.Max(row => row[column].Length))];
        int most = output is FoldedWriter folded ? folded.Width : int.MaxValue;
        int next = 1;
        do
        {
            if (next > 1)
                output.WriteLine();
            // At least one column beside the first.
            int end = Math.Clamp(Fitting(widths, next, widths[0], Gap.Length, most), Math.Min(next + 1, widths.Length), widths.Length);
            int[] shown = [0, .. Enumerable.Range(next, end - next)];
            foreach (string[] row in _rows)
                output.WriteLine(string.Join(Gap, shown.Select(column => Pad(row[column], column, widths[column]))).TrimEnd());
            next = end;
        }
        while (next < headings.Length);
    }

    /// <summary>Writes an empty line, then the table; nothing if it has no rows.</summary>
    public void WriteUnlessEmptyTo(TextWriter output)
    {
        if (IsEmpty)
            return;
        output.WriteLine();
        WriteTo(output);
    }

    /// <summary>The end of the columns from <paramref name="first"/> on that fit into a line.</summary>
    /// <param name="widths">Characters of each column.</param>
    /// <param name="first">The first of them.</param>
    /// <param name="used">Characters before it.</param>
    /// <param name="gap">Characters between two columns.</param>
    /// <param name="width">Characters of the line.</param>
    public static int Fitting(IReadOnlyList<int> widths, int first, int used, int gap, int width)
    {
        int end = first;
        while (end < widths.Count && (used += gap + widths[end]) <= width)
            end++;
        return end;
    }

    private string Pad(string text, int column, int width) => headings[column].StartsWith(' ') ? text.PadLeft(width) : text.PadRight(width);
}
