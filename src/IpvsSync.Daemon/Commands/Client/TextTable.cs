namespace IpvsSync.Daemon.Commands.Client;

/// <summary>A table whose columns are two blanks apart, each as wide as its longest cell.</summary>
/// <param name="headings">One for each column; a leading blank aligns the column to the right.</param>
internal sealed class TextTable(params string[] headings)
{
    private readonly List<string[]> _rows = [[.. headings.Select(heading => heading.TrimStart())]];

    /// <summary>Whether there are no rows below the headings.</summary>
    public bool IsEmpty => _rows.Count == 1;

    /// <summary>Adds a row with a cell for each column.</summary>
    public void Add(params string[] row) => _rows.Add(row);

    /// <summary>Writes the headings and rows.</summary>
    public void WriteTo(TextWriter output)
    {
        int[] widths = [.. headings.Select((_, column) => _rows.Max(row => row[column].Length))];
        foreach (string[] row in _rows)
            output.WriteLine(string.Join("  ", row.Select((text, column) => Pad(text, column, widths[column]))).TrimEnd());
    }

    /// <summary>Writes an empty line, then the table; nothing if it has no rows.</summary>
    public void WriteUnlessEmptyTo(TextWriter output)
    {
        if (IsEmpty)
            return;
        output.WriteLine();
        WriteTo(output);
    }

    private string Pad(string text, int column, int width) => headings[column].StartsWith(' ') ? text.PadLeft(width) : text.PadRight(width);
}
