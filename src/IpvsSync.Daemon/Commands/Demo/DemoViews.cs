using Spectre.Console;
using LiveTable = Spectre.Console.Table;

namespace IpvsSync.Daemon.Commands.Demo;

/// <summary>Shows a demo while it runs.</summary>
internal static class DemoViews
{
    private static readonly TimeSpan s_frame = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan s_line = TimeSpan.FromSeconds(1);

    /// <summary>Shows snapshots until there are no more: as a live table on a terminal, otherwise one line per second.</summary>
    /// <param name="options">The arguments of the demo.</param>
    /// <param name="next">Waits for the given time, then takes a snapshot; null when the demo is over.</param>
    public static void Show(DemoOptions options, Func<TimeSpan, DemoSnapshot?> next)
    {
        if (Console.IsOutputRedirected || !AnsiConsole.Profile.Capabilities.Ansi)
            ShowLines(next);
        else
            AnsiConsole.Live(new LiveTable()).AutoClear(true).Start(context => ShowTable(options, next, context));
    }

    private static void ShowLines(Func<TimeSpan, DemoSnapshot?> next)
    {
        DemoSnapshot? before = null;
        for (DemoSnapshot? now = next(s_line); now is not null; before = now, now = next(s_line))
            Console.WriteLine(DemoText.Line(now, before));
    }

    /// <summary>The rates are those of about the last second.</summary>
    private static void ShowTable(DemoOptions options, Func<TimeSpan, DemoSnapshot?> next, LiveDisplayContext context)
    {
        Queue<DemoSnapshot> window = new();
        for (DemoSnapshot? now = next(s_frame); now is not null; now = next(s_frame))
        {
            window.Enqueue(now);
            while (window.Count > 1 && now.Elapsed - window.Peek().Elapsed > s_line)
                window.Dequeue();
            context.UpdateTarget(Table(options, now, window.Count > 1 ? window.Peek() : null));
        }
    }

    private static LiveTable Table(DemoOptions options, DemoSnapshot now, DemoSnapshot? before)
    {
        LiveTable table = new LiveTable().Border(TableBorder.Simple).Caption(Markup.Escape(DemoText.Tables(now)));
        table.Title = new TableTitle($"{now.Elapsed.TotalSeconds:0} s, {options.SyncPorts} lane(s), policy {options.Knobs}");
        foreach (string column in DemoText.Columns)
            table.AddColumn(new TableColumn(column) { Alignment = column.Length == 0 ? Justify.Left : Justify.Right, NoWrap = true });
        foreach (string[] row in DemoText.Rows(now, before, options.Knobs))
            table.AddRow(row);
        return table;
    }
}
