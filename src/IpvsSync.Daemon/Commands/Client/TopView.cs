using IpvsSync.Daemon.Control;
using Spectre.Console;
using Spectre.Console.Rendering;
using LiveTable = Spectre.Console.Table;

namespace IpvsSync.Daemon.Commands.Client;

/// <summary>
/// Shows the state of a daemon on a terminal; each state replaces the previous one. What matters most comes first: a terminal with few lines lacks
/// the last ones, one with few columns the last columns of a table.
/// </summary>
internal static class TopView
{
    private const int Gap = 2;

    /// <summary>The columns with text; all others contain numbers.</summary>
    private static readonly HashSet<string> s_words = ["stage", "origin", "pro", "state", "peer"];

    /// <summary>Shows each state until there are no more.</summary>
    public static void Show(IEnumerable<StatusAnswer> looks)
        => AnsiConsole.Live(new Text("")).Overflow(VerticalOverflow.Crop).Cropping(VerticalOverflowCropping.Bottom).Start(context =>
        {
            StatusAnswer? before = null;
            foreach (StatusAnswer now in looks)
            {
                context.UpdateTarget(View(now, before, AnsiConsole.Profile.Width));
                before = now;
            }
        });

    /// <summary>What is shown of a state, in lines of at most <paramref name="width"/> characters.</summary>
    public static Rows View(StatusAnswer now, StatusAnswer? before, int width)
    {
        List<IRenderable> parts = [new Text(TopText.Title(now), new Style(decoration: Decoration.Bold))];
        parts.AddRange(TopText.Alarms(now, before).Select(alarm => new Text(alarm, new Style(Color.Red))));
        foreach (string? text in (string?[])[TopText.Gate(now), TopText.Feed(now)])
        {
            if (text is not null)
                parts.Add(new Text(text));
        }

        Add(TopText.StageColumns, TopText.Stages(now));
        Add(TopText.PeerColumns, TopText.Peers(now, before));
        if (now.Lanes.Count > 1)
            Add(TopText.LaneColumns, TopText.Lanes(now));
        Add(TopText.StateColumns, TopText.States(now, before));
        return new Rows(parts);

        void Add(IReadOnlyList<string> columns, IEnumerable<string[]> content)
        {
            List<string[]> rows = [.. content];
            if (rows.Count > 0)
                parts.Add(Table(columns, rows, TopText.Fitting(columns, rows, Gap, width)));
        }
    }

    private static LiveTable Table(IReadOnlyList<string> columns, List<string[]> rows, int shown)
    {
        LiveTable table = new LiveTable().Border(TableBorder.None);
        for (int column = 0; column < shown; column++)
        {
            table.AddColumn(new TableColumn(new Text(columns[column], new Style(decoration: Decoration.Underline)))
            {
                Alignment = s_words.Contains(columns[column]) ? Justify.Left : Justify.Right,
                NoWrap = true,
                Padding = new Padding(0, 0, column < shown - 1 ? Gap : 0, 0),
            });
        }

        foreach (string[] row in rows)
            table.AddRow([.. row.Take(shown).Select(cell => new Text(cell))]);
        return table;
    }
}
