using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using static System.FormattableString;

// picture PROMETHEUS_URL DASHBOARD.json OUT.svg
// Draws the panels of a Grafana dashboard with what a Prometheus has read in the last hour.
if (args.Length != 3)
{
    Console.Error.WriteLine("usage: dotnet run tests/picture.cs -- PROMETHEUS_URL DASHBOARD.json OUT.svg");
    return 2;
}

try
{
    using var handler = new SocketsHttpHandler { UseProxy = false };
    using var client = new HttpClient(handler) { BaseAddress = new Uri(args[0]) };
    Prometheus prometheus = await Prometheus.OpenAsync(client);
    using var dashboard = JsonDocument.Parse(await File.ReadAllTextAsync(args[1]));
    var svg = new Svg();
    foreach (JsonElement panel in dashboard.RootElement.GetProperty("panels").EnumerateArray().Where(panel => panel.GetProperty("type").GetString() != "row"))
        await Panel.DrawAsync(svg, panel, prometheus);
    await File.WriteAllTextAsync(args[2], svg.Finish(dashboard.RootElement.GetProperty("title").GetString()!));
    return 0;
}
catch (Exception fault) when (fault is HttpRequestException or IOException or JsonException or KeyNotFoundException or InvalidOperationException)
{
    Console.Error.WriteLine($"picture: {fault.Message}");
    return 1;
}

/// <summary>One curve: its name in the legend, and its points, in seconds since the start.</summary>
internal sealed record Series(string Name, IReadOnlyList<(double Second, double Value)> Points)
{
    public double Highest => Points.Count == 0 ? 0 : Points.Max(point => point.Value);
}

/// <summary>The HTTP API of a Prometheus, and the time for which it has samples.</summary>
internal sealed partial class Prometheus
{
    private const int StepSeconds = 2;
    private const int LookBackSeconds = 3600;

    /// <summary>Four scrapes of 2 s, as Grafana has it.</summary>
    private const string RateInterval = "8s";

    private readonly HttpClient _client;
    private double _start;
    private double _end;

    private Prometheus(HttpClient client) => _client = client;

    /// <summary>How long the samples reach.</summary>
    public double Seconds => _end - _start;

    public static async Task<Prometheus> OpenAsync(HttpClient client)
    {
        double now = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        var prometheus = new Prometheus(client) { _start = now - LookBackSeconds, _end = now };
        double[] times = [.. (await prometheus.RangeAsync("up == 1", "")).SelectMany(series => series.Points).Select(point => point.Second + now - LookBackSeconds)];
        if (times.Length == 0)
            throw new InvalidOperationException("Prometheus has read nothing in the last hour");
        (prometheus._start, prometheus._end) = (times.Min(), times.Max());
        return prometheus;
    }

    /// <summary>All points of the time.</summary>
    public async Task<IReadOnlyList<Series>> RangeAsync(string expression, string legend) =>
        await AskAsync(Invariant($"api/v1/query_range?start={_start}&end={_end}&step={StepSeconds}&query={Escape(expression)}"), "values", legend);

    /// <summary>The last point only.</summary>
    public async Task<IReadOnlyList<Series>> LastAsync(string expression, string legend) =>
        await AskAsync(Invariant($"api/v1/query?time={_end}&query={Escape(expression)}"), "value", legend);

    private static string Escape(string expression) => Uri.EscapeDataString(
        expression.Replace("$__rate_interval", RateInterval, StringComparison.Ordinal).Replace("$instance", ".*", StringComparison.Ordinal));

    private async Task<IReadOnlyList<Series>> AskAsync(string request, string values, string legend)
    {
        using var answer = JsonDocument.Parse(await _client.GetStringAsync(new Uri(request, UriKind.Relative)));
        var all = new List<Series>();
        foreach (JsonElement result in answer.RootElement.GetProperty("data").GetProperty("result").EnumerateArray())
        {
            JsonElement points = result.GetProperty(values);
            all.Add(new Series(
                Name(legend, result.GetProperty("metric")),
                values == "value" ? [Point(points)] : [.. points.EnumerateArray().Select(Point).Where(point => double.IsFinite(point.Value))]));
        }

        return [.. all.Where(series => series.Points.Count > 0).OrderBy(series => series.Name, StringComparer.Ordinal)];
    }

    private (double Second, double Value) Point(JsonElement pair) =>
        (pair[0].GetDouble() - _start, double.Parse(pair[1].GetString()!, CultureInfo.InvariantCulture));

    private static string Name(string legend, JsonElement labels) => Label().Replace(
        legend, match => labels.TryGetProperty(match.Groups[1].Value, out JsonElement value) ? value.GetString()! : "");

    [GeneratedRegex(@"\{\{\s*(\w+)\s*\}\}")]
    private static partial Regex Label();
}

/// <summary>A place in the picture.</summary>
internal readonly record struct Box(double X, double Y, double Width, double Height)
{
    private const double Column = 57.75;
    private const double Row = 38;
    private const double Gap = 8;

    /// <summary>Of a panel in Grafana's grid of 24 columns.</summary>
    public static Box OfGrid(JsonElement position) => new(
        Gap + (position.GetProperty("x").GetInt32() * Column),
        Svg.HeadHeight + (position.GetProperty("y").GetInt32() * Row),
        (position.GetProperty("w").GetInt32() * Column) - Gap,
        (position.GetProperty("h").GetInt32() * Row) - Gap);

    public double Right => X + Width;

    public double Bottom => Y + Height;
}

/// <summary>The text of the picture.</summary>
internal sealed class Svg
{
    public const double HeadHeight = 44;
    private const int Width = 1402;
    private const string Style = """
        text{font:11px Inter,"Helvetica Neue",Arial,sans-serif;fill:#ccccdc}
        .title{font-size:13px;font-weight:600}
        .head{font-size:17px;font-weight:600}
        .axis{fill:#9d9fa8}
        .panel{fill:#181b1f;stroke:#2c2f36}
        .grid{stroke:#2a2d33;fill:none}
        .line{fill:none;stroke-width:1.5;stroke-linejoin:round}
        .right{text-anchor:end}
        .middle{text-anchor:middle}
        .tile{fill:#fff}
        """;

    private readonly StringBuilder _body = new();
    private double _bottom;

    public void Panel(Box box)
    {
        _body.Append(Invariant($"<rect class=\"panel\" x=\"{box.X:0.#}\" y=\"{box.Y:0.#}\" width=\"{box.Width:0.#}\" height=\"{box.Height:0.#}\" rx=\"3\"/>\n"));
        _bottom = Math.Max(_bottom, box.Bottom);
    }

    public void Rectangle(Box box, string color) =>
        _body.Append(Invariant($"<rect fill=\"{color}\" x=\"{box.X:0.#}\" y=\"{box.Y:0.#}\" width=\"{box.Width:0.#}\" height=\"{box.Height:0.#}\" rx=\"2\"/>\n"));

    public void Text(double x, double y, string kind, string text, int size = 0) =>
        _body.Append(Invariant($"<text class=\"{kind}\" x=\"{x:0.#}\" y=\"{y:0.#}\"{(size > 0 ? $" style=\"font-size:{size}px\"" : "")}>{Escape(text)}</text>\n"));

    public void Grid(string path) => _body.Append(Invariant($"<path class=\"grid\" d=\"{path}\"/>\n"));

    public void Line(string path, string color) => _body.Append(Invariant($"<path class=\"line\" stroke=\"{color}\" d=\"{path}\"/>\n"));

    public string Finish(string title)
    {
        double height = _bottom + 8;
        return Invariant($"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {Width} {height:0}\" width=\"{Width}\" height=\"{height:0}\">\n<title>{Escape(title)}</title>\n")
            + $"<style>\n{Style}\n</style>\n"
            + $"<rect width=\"100%\" height=\"100%\" fill=\"#111217\"/>\n<text class=\"head\" x=\"12\" y=\"28\">{Escape(title)}</text>\n{_body}</svg>\n";
    }

    private static string Escape(string text) =>
        text.Replace("&", "&amp;", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal).Replace(">", "&gt;", StringComparison.Ordinal);
}

/// <summary>What all panels have: a frame, a title, and what Prometheus says.</summary>
internal static class Panel
{
    public static async Task DrawAsync(Svg svg, JsonElement panel, Prometheus prometheus)
    {
        var box = Box.OfGrid(panel.GetProperty("gridPos"));
        svg.Panel(box);
        svg.Text(box.X + 10, box.Y + 20, "title", panel.GetProperty("title").GetString()!);
        JsonElement defaults = panel.GetProperty("fieldConfig").GetProperty("defaults");
        string unit = defaults.GetProperty("unit").GetString()!;
        string type = panel.GetProperty("type").GetString()!;
        var series = new List<Series>();
        foreach (JsonElement target in panel.GetProperty("targets").EnumerateArray())
        {
            string expression = target.GetProperty("expr").GetString()!;
            string legend = target.GetProperty("legendFormat").GetString()!;
            series.AddRange(type == "stat" ? await prometheus.LastAsync(expression, legend) : await prometheus.RangeAsync(expression, legend));
        }

        var inner = new Box(box.X + 10, box.Y + 30, box.Width - 20, box.Height - 38);
        if (series.Count == 0)
            svg.Text(inner.X + (inner.Width / 2), inner.Y + (inner.Height / 2), "axis middle", "No data", 14);
        else if (type == "stat")
            Stat.Draw(svg, inner, series, unit, defaults);
        else if (type == "timeseries")
            Graph.Draw(svg, inner, series, unit, prometheus.Seconds);
        else
            throw new InvalidOperationException($"cannot draw a panel of type {type}");
    }
}

/// <summary>A coloured tile with a big number for each series.</summary>
internal static class Stat
{
    private const double Gap = 4;

    /// <summary>Under this height, the name stands beside the number.</summary>
    private const double LeastHeightForTwoLines = 50;

    private const double BigNumber = 26;

    // Dark enough for white letters.
    private const string Green = "#37872d";
    private const string Red = "#c4162a";

    public static void Draw(Svg svg, Box box, List<Series> series, string unit, JsonElement defaults)
    {
        int columns = Math.Min(series.Count, 2);
        int rows = (series.Count + columns - 1) / columns;
        double width = (box.Width + Gap) / columns;
        double height = (box.Height + Gap) / rows;
        for (int i = 0; i < series.Count; i++)
        {
            var tile = new Box(box.X + (i % columns * width), box.Y + (i / columns * height), width - Gap, height - Gap);
            double value = series[i].Points[^1].Value;
            svg.Rectangle(tile, Color(value, defaults));
            string number = Units.Format(value, unit);
            double middle = tile.Y + (tile.Height / 2);
            if (tile.Height < LeastHeightForTwoLines)
            {
                int size = (int)Math.Min(BigNumber, tile.Height * 0.7);
                svg.Text(tile.X + 8, middle + 4, "tile", series[i].Name);
                svg.Text(tile.Right - 8, middle + (size * 0.36), "tile right", number, size);
            }
            else
            {
                svg.Text(tile.X + (tile.Width / 2), middle - 14, "tile middle", series[i].Name, 13);
                svg.Text(tile.X + (tile.Width / 2), middle + 20, "tile middle", number, (int)BigNumber + 4);
            }
        }
    }

    /// <summary>Of the last step that the value has reached; green where there are no steps.</summary>
    private static string Color(double value, JsonElement defaults)
    {
        if (!defaults.TryGetProperty("thresholds", out JsonElement thresholds))
            return Green;
        string color = "green";
        foreach (JsonElement step in thresholds.GetProperty("steps").EnumerateArray())
        {
            JsonElement least = step.GetProperty("value");
            if (least.ValueKind == JsonValueKind.Null || value >= least.GetDouble())
                color = step.GetProperty("color").GetString()!;
        }

        return color switch
        {
            "green" => Green,
            "red" => Red,
            _ => throw new InvalidOperationException($"cannot draw the colour {color}"),
        };
    }
}

/// <summary>Axes, curves and a legend.</summary>
internal static class Graph
{
    private const double AxisWidth = 58;
    private const double LegendRow = 16;
    private const int MostLegendRows = 5;
    private const double LetterWidth = 6.1;
    private const double SwatchWidth = 34;

    /// <summary>The height of the plot, in that of the highest curve.</summary>
    private const double HeadRoom = 1.05;

    private static readonly string[] s_palette =
        ["#73bf69", "#f2cc0c", "#8ab8ff", "#ff780a", "#f2495c", "#5794f2", "#b877d9", "#a8a8b3", "#37872d", "#e5a8e2", "#33b5e5", "#ffa6b0"];

    private static readonly int[] s_timeSteps = [10, 15, 30, 60, 120, 300, 600, 900, 1800];

    public static void Draw(Svg svg, Box box, List<Series> series, string unit, double seconds)
    {
        // Those that have nothing to show come last: the legend may not have room for them.
        Series[] shown = [.. series.OrderBy(one => one.Highest == 0)];
        double legendHeight = Legend(svg, box, shown);
        var plot = new Box(box.X + AxisWidth, box.Y + 6, box.Width - AxisWidth - 6, box.Height - legendHeight - 30);
        double highest = shown.Max(one => one.Highest);
        double top = highest > 0 ? highest * HeadRoom : 1;
        double step = Units.Step(top);
        Axes(svg, plot, unit, step, top, seconds);
        for (int i = shown.Length - 1; i >= 0; i--)
            svg.Line(Path(plot, shown[i], seconds, top), Color(i));
    }

    private static string Color(int i) => s_palette[i % s_palette.Length];

    private static void Axes(Svg svg, Box plot, string unit, double step, double top, double seconds)
    {
        var lines = new StringBuilder();
        for (int i = 0; i * step <= top; i++)
        {
            double y = plot.Bottom - (i * step / top * plot.Height);
            lines.Append(Invariant($"M{plot.X:0.#} {y:0.#}H{plot.Right:0.#}"));
            svg.Text(plot.X - 6, y + 4, "axis right", Units.Format(i * step, unit));
        }

        int timeStep = s_timeSteps.FirstOrDefault(one => seconds / one * 50 <= plot.Width, s_timeSteps[^1]);
        for (int second = 0; second <= seconds; second += timeStep)
        {
            double x = plot.X + (second / seconds * plot.Width);
            lines.Append(Invariant($"M{x:0.#} {plot.Y:0.#}V{plot.Bottom:0.#}"));
            svg.Text(x, plot.Bottom + 16, "axis middle", Invariant($"{second / 60}:{second % 60:00}"));
        }

        svg.Grid(lines.ToString());
    }

    /// <summary>Of points at one height only the first and the last are kept; a gap in time is a gap in the curve.</summary>
    private static string Path(Box plot, Series series, double seconds, double top)
    {
        (double X, double Y, bool Begins)[] places = [.. series.Points.Select((point, i) => (
            Math.Round(plot.X + (point.Second / seconds * plot.Width), 1),
            Math.Round(plot.Bottom - (point.Value / top * plot.Height), 1),
            i == 0 || point.Second - series.Points[i - 1].Second > 3))];
        var path = new StringBuilder();
        for (int i = 0; i < places.Length; i++)
        {
            bool ends = i == places.Length - 1 || places[i + 1].Begins;
            if (!places[i].Begins && !ends && places[i - 1].Y == places[i].Y && places[i].Y == places[i + 1].Y)
                continue;
            path.Append(Invariant($"{(places[i].Begins ? 'M' : 'L')}{places[i].X:0.#} {places[i].Y:0.#}"));
        }

        return path.ToString();
    }

    /// <summary>At the lower edge of the panel. Returns its height.</summary>
    private static double Legend(Svg svg, Box box, Series[] series)
    {
        double column = SwatchWidth + (series.Max(one => one.Name.Length) * LetterWidth);
        int columns = Math.Clamp((int)(box.Width / column), 1, series.Length);
        columns = Rows(series.Length, Rows(series.Length, columns));
        int named = Math.Min(series.Length, columns * MostLegendRows);
        named = named == series.Length ? named : named - 1;
        int rows = Rows(Math.Min(series.Length, named + 1), columns);
        for (int i = 0; i <= named && i < series.Length; i++)
        {
            double x = box.X + (i % columns * column);
            double y = box.Bottom + 2 - ((rows - 1 - (i / columns)) * LegendRow);
            if (i < named)
                svg.Rectangle(new Box(x, y - 5, 14, 3), Color(i));
            svg.Text(x + (i < named ? 20 : 0), y, "legend", i < named ? series[i].Name : Rest(series[named..]));
        }

        return rows * LegendRow;
    }

    private static int Rows(int count, int columns) => (count + columns - 1) / columns;

    private static string Rest(Series[] rest) => Invariant($"and {rest.Length} more{(rest.All(one => one.Highest == 0) ? " at 0" : "")}");
}

/// <summary>Numbers as Grafana writes them.</summary>
internal static class Units
{
    private static readonly double[] s_roundSteps = [1, 2, 5, 10];

    /// <summary>Between two lines of an axis, of which there are three to six.</summary>
    public static double Step(double top)
    {
        double power = Math.Pow(10, Math.Floor(Math.Log10(top / 5)));
        return s_roundSteps.First(one => one * power >= top / 5 * 0.999) * power;
    }

    public static string Format(double value, string unit) => unit switch
    {
        "short" => Scaled(value, ""),
        "cps" => Scaled(value, " c/s"),
        "percentunit" => Invariant($"{value * 100:0.##} %"),
        "Bps" when value < 1000 => Invariant($"{value:0.##} B/s"),
        "Bps" when value < 1_000_000 => Invariant($"{value / 1000:0.##} kB/s"),
        "Bps" => Invariant($"{value / 1_000_000:0.##} MB/s"),
        "bytes" => Invariant($"{value / 1_048_576:0.##} MiB"),
        "s" when value == 0 => "0 s",
        "s" when value < 0.001 => Invariant($"{value * 1_000_000:0.##} µs"),
        "s" when value < 1 => Invariant($"{value * 1000:0.##} ms"),
        "s" => Invariant($"{value:0.##} s"),
        _ => throw new InvalidOperationException($"cannot write the unit {unit}"),
    };

    private static string Scaled(double value, string unit) => value switch
    {
        < 1000 => Invariant($"{value:0.##}{unit}"),
        < 1_000_000 => Invariant($"{value / 1000:0.##} K{unit}"),
        _ => Invariant($"{value / 1_000_000:0.##} M{unit}"),
    };
}
