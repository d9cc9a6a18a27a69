using System.Globalization;
using System.Text;
using IpvsSync.Daemon.Commands.Plan.Senders;

namespace IpvsSync.Daemon.Commands.Plan.Output;

/// <summary>
/// Draws the plan as a picture: bars for the cost of each policy and for its remaining risk, the kernel and this daemon side by side. One
/// SVG file without references to others, light or dark like its reader's page.
/// </summary>
internal static class PlanSvg
{
    private const int Width = 1000;
    private const int Top = 84;
    private const int RowHeight = 44;
    private const int BarHeight = 14;
    private const int BarGap = 2;
    private const int LabelRight = 118;
    private const int PanelWidth = 284;
    private const int LongestBar = 200;
    private const int FirstPanel = 136;
    private const int TextBase = 11;

    private const string Style = """
        <style>
          text { font: 13px system-ui, sans-serif; fill: #24292f }
          .title { font-weight: 600; font-size: 15px } .number { font-size: 12px } .note { fill: #57606a; font-size: 12px }
          .page { fill: #ffffff } .rule { stroke: #d0d7de } .kernel { fill: #9a6700 } .daemon { fill: #0969da }
          @media (prefers-color-scheme: dark) {
            text { fill: #e6edf3 } .note { fill: #9198a1 } .page { fill: #0d1117 } .rule { stroke: #3d444d }
            .kernel { fill: #d29922 } .daemon { fill: #4493f8 }
          }
        </style>
        """;

    private static readonly Panel[] s_panels =
    [
        new("bytes a second", result => result.Bytes / result.Seconds, "0"),
        new("worst staleness, seconds", result => result.WorstMs / 1000.0, "0.00"),
        new("at risk: established, unknown to the backup", result => result.AtRisk, "0.0"),
    ];

    /// <summary>Makes the content of the file.</summary>
    /// <param name="options">The arguments of the plan.</param>
    /// <param name="results">Two for each policy: the kernel's, then this daemon's.</param>
    public static string Render(PlanOptions options, IReadOnlyList<PlanResult> results)
    {
        int rows = results.Count / 2;
        int height = Top + (rows * RowHeight) + 16;
        var svg = new StringBuilder();
        svg.Append("<svg xmlns=\"http://www.w3.org/2000/svg\" role=\"img\" ");
        Add(svg, $"viewBox=\"0 0 {Width} {height}\" width=\"{Width}\" height=\"{height}\">");
        svg.AppendLine("<title>What each sync policy sends, and how stale it leaves the backup</title>").AppendLine(Style);
        Add(svg, $"<rect class=\"page\" width=\"{Width}\" height=\"{height}\"/>");
        AddHead(svg, options);
        for (int row = 0; row < rows; row++)
            AddLabel(svg, "", Top + (row * RowHeight) + BarHeight + 5, results[2 * row].Knobs.ToString());
        for (int panel = 0; panel < s_panels.Length; panel++)
            AddPanel(svg, s_panels[panel], FirstPanel + (panel * (PanelWidth + 4)), results);
        svg.AppendLine("</svg>");
        return svg.ToString();
    }

    private static void AddHead(StringBuilder svg, PlanOptions options)
    {
        double rate = options.Workload.ConnectionsPerSecond;
        Add(svg, $"<text class=\"title\" x=\"16\" y=\"26\">{rate:0.##} new connections a second, {options.Duration} s</text>");
        Add(svg, $"<rect class=\"kernel\" x=\"{FirstPanel + PanelWidth + 4}\" y=\"15\" width=\"12\" height=\"12\"/>");
        Add(svg, $"<text x=\"{FirstPanel + PanelWidth + 22}\" y=\"26\">the kernel's own sync</text>");
        Add(svg, $"<rect class=\"daemon\" x=\"{FirstPanel + PanelWidth + 174}\" y=\"15\" width=\"12\" height=\"12\"/>");
        Add(svg, $"<text x=\"{FirstPanel + PanelWidth + 192}\" y=\"26\">ipvs-syncd</text>");
        AddLabel(svg, "note", 54, "threshold period");
        AddLabel(svg, "note", 70, "refresh retries");
    }

    private static void AddLabel(StringBuilder svg, string style, int y, string text)
        => Add(svg, $"<text class=\"{style}\" x=\"{LabelRight}\" y=\"{y}\" text-anchor=\"end\">{text}</text>");

    private static void AddPanel(StringBuilder svg, Panel panel, int x, IReadOnlyList<PlanResult> results)
    {
        double most = results.Max(panel.Value);
        Add(svg, $"<text class=\"note\" x=\"{x}\" y=\"70\">{panel.Title}</text>");
        Add(svg, $"<line class=\"rule\" x1=\"{x}\" y1=\"{Top - 6}\" x2=\"{x}\" y2=\"{Top + (results.Count / 2 * RowHeight) - 6}\"/>");
        for (int i = 0; i < results.Count; i++)
        {
            double value = panel.Value(results[i]);
            double length = most > 0 ? value / most * LongestBar : 0;
            int y = Top + (i / 2 * RowHeight) + (i % 2 * (BarHeight + BarGap));
            string number = value.ToString(panel.Format, CultureInfo.InvariantCulture);
            string sender = results[i].IsDaemon ? "daemon" : "kernel";
            Add(svg, $"<rect class=\"{sender}\" x=\"{x}\" y=\"{y}\" width=\"{length:0.#}\" height=\"{BarHeight}\"/>");
            Add(svg, $"<text class=\"number\" x=\"{x + length + 6:0.#}\" y=\"{y + TextBase}\">{number}</text>");
        }
    }

    private static void Add(StringBuilder svg, FormattableString line) => svg.AppendLine(line.ToString(CultureInfo.InvariantCulture));

    private sealed record Panel(string Title, Func<PlanResult, double> Value, string Format);
}
