using System.Text;

namespace IpvsSync.Daemon.Commands.Client;

/// <summary>
/// Text for a terminal: a line that is too long continues on the next one, indented, and is broken at a blank only. A <see cref="TextTable"/> asks it for
/// the width, and splits its columns. For one thread.
/// </summary>
/// <param name="output">Takes the lines; it is not disposed.</param>
/// <param name="width">Characters of a line of the terminal.</param>
internal sealed class FoldedWriter(TextWriter output, int width) : TextWriter
{
    private const string Indent = "  ";

    private readonly StringBuilder _line = new();

    /// <summary>Characters of a line.</summary>
    public int Width => width;

    /// <inheritdoc/>
    public override Encoding Encoding => output.Encoding;

    /// <inheritdoc/>
    public override void Write(char value)
    {
        if (value != '\n')
        {
            _line.Append(value);
            return;
        }

        WriteFolded(_line.ToString());
        _line.Clear();
    }

    private void WriteFolded(string line)
    {
        while (line.Length > width)
        {
            int first = line.Length - line.TrimStart().Length;
            int end = line.LastIndexOf(' ', width);
            // A word that is longer than the line is not broken.
            if (end < first)
                end = line.IndexOf(' ', first);
            if (end < 0)
                break;
            output.Write(line[..end].TrimEnd());
            output.Write('\n');
            line = Indent + line[end..].TrimStart();
        }

        output.Write(line);
        output.Write('\n');
    }
}
