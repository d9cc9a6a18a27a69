using IpvsSync.Daemon.Control;
using Spectre.Console;
using Spectre.Console.Rendering;
using LiveTable = Spectre.Console.Table;

namespace IpvsSync.Daemon.Commands.Client;

/// <summary>Shows the state of a daemon on a terminal; each state replaces the previous one.</summary>
internal static class TopView
{
    /// <summary>The columns with text; all others contain numbers.</summary>
    private static readonly HashSet<string> s_words = ["stage", "origin", "pro", "state"];

    /// <summary>Shows each state until there are no more.</summary>
    public static void Show(IEnumerable<StatusAnswer> looks)
        => AnsiConsole.Live(new Text("")).Start(context =>
        {
            StatusAnswer? before = null;
            foreach (StatusAnswer now in looks)
            {
                context.UpdateTarget(View(now, before));
                before = now;
            }
        });

    private static Rows View(StatusAnswer now, StatusAnswer? before)
    {
        List<IRenderable> parts = [new Text(TopText.Title(now), new Style(decoration: Decoration.Bold))];
        if (TopText.Gate(now) is { } gate)
            parts.Add(new Text(gate));
        parts.AddRange(TopText.Alarms(now, before).Select(alarm => new Text(alarm, new Style(Color.Red))));
        parts.Add(Table(TopText.StageColumns, TopText.Stages(now)));
        parts.Add(Table(TopText.StateColumns, TopText.States(now, before)));
        return new Rows(parts);
    }

    private static LiveTable Table(IReadOnlyList<string> columns, IEnumerable<string[]> rows)
    {
        LiveTable table = new LiveTable().Border(TableBorder.Simple);
        foreach (string column in columns)
            table.AddColumn(new TableColumn(column) { Alignment = s_words.Contains(column) ? Justify.Left : Justify.Right, NoWrap = true });
        foreach (string[] row in rows)
            table.AddRow([.. row.Select(cell => new Text(cell))]);
        return table;
    }
}
