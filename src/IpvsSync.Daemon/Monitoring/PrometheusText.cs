using System.Globalization;
using System.Text;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;

namespace IpvsSync.Daemon.Monitoring;

/// <summary>
/// Writes the metrics of a reading as Prometheus reads them (text format 0.0.4). Names follow the rules of OpenTelemetry for Prometheus: dots
/// become underscores, the unit and <c>total</c> are appended. One thread at a time.
/// </summary>
internal sealed class PrometheusText : BaseExporter<Metric>
{
    /// <summary>The media type of the text.</summary>
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    private readonly StringBuilder _text = new();

    /// <summary>The text of the last reading.</summary>
    public string Text { get; private set; } = "";

    /// <summary>Whether the library had no place for some labels in the last reading.</summary>
    public bool HasOverflow => Text.Contains("{otel_metric_overflow=", StringComparison.Ordinal);

    /// <inheritdoc/>
    public override ExportResult Export(in Batch<Metric> batch)
    {
        List<Metric> metrics = [];
        foreach (Metric metric in batch)
            metrics.Add(metric);
        _text.Clear();
        WriteTarget();
        foreach (Metric metric in metrics.OrderBy(metric => metric.Name, StringComparer.Ordinal))
            Write(metric);
        Text = _text.ToString();
        return ExportResult.Success;
    }

    /// <summary>The name of a metric for Prometheus.</summary>
    internal static string NameOf(string name, string unit, bool isCounter)
    {
        string text = name.Replace('.', '_');
        string suffix = unit switch
        {
            "s" => "_seconds",
            "By" => "_bytes",
            _ => "", // {message} and the like are notes, and there are no other units
        };
        if (suffix.Length > 0 && !text.EndsWith(suffix, StringComparison.Ordinal))
            text += suffix;
        return isCounter ? text + "_total" : text;
    }

    private void WriteTarget()
    {
        WriteHead("target_info", "gauge", "Target metadata");
        _text.Append("target_info");
        WriteLabels((ParentProvider?.GetResource() ?? Resource.Empty).Attributes.Select(
            attribute => KeyValuePair.Create(attribute.Key.Replace('.', '_'), (object?)attribute.Value)));
        _text.Append(" 1\n");
    }

    private void Write(Metric metric)
    {
        bool isCounter = metric.MetricType is MetricType.LongSum or MetricType.DoubleSum;
        bool isHistogram = metric.MetricType == MetricType.Histogram;
        string name = NameOf(metric.Name, metric.Unit, isCounter);
        WriteHead(name, isHistogram ? "histogram" : isCounter ? "counter" : "gauge", metric.Description);
        foreach (ref readonly MetricPoint point in metric.GetMetricPoints())
        {
            if (isHistogram)
                WriteHistogram(name, point);
            else
                WriteSample(name, Labels(point), Value(metric.MetricType, point));
        }
    }

    private void WriteHead(string name, string type, string help)
    {
        _text.Append("# TYPE ").Append(name).Append(' ').Append(type).Append("\n# HELP ").Append(name).Append(' ');
        WriteEscaped(help, isLabel: false);
        _text.Append('\n');
    }

    private void WriteHistogram(string name, in MetricPoint point)
    {
        List<KeyValuePair<string, object?>> labels = Labels(point);
        long count = 0;
        foreach (HistogramBucket bucket in point.GetHistogramBuckets())
        {
            count += bucket.BucketCount;
            WriteSample(name + "_bucket", [.. labels, new("le", Text64(bucket.ExplicitBound))], Text64(count));
        }

        WriteSample(name + "_sum", labels, Text64(point.GetHistogramSum()));
        WriteSample(name + "_count", labels, Text64(point.GetHistogramCount()));
    }

    private void WriteSample(string name, IEnumerable<KeyValuePair<string, object?>> labels, string value)
    {
        _text.Append(name);
        WriteLabels(labels);
        _text.Append(' ').Append(value).Append('\n');
    }

    private void WriteLabels(IEnumerable<KeyValuePair<string, object?>> labels)
    {
        char before = '{';
        foreach ((string name, object? value) in labels)
        {
            _text.Append(before).Append(name).Append("=\"");
            WriteEscaped(Convert.ToString(value, CultureInfo.InvariantCulture) ?? "", isLabel: true);
            _text.Append('"');
            before = ',';
        }

        if (before == ',')
            _text.Append('}');
    }

    private void WriteEscaped(string text, bool isLabel)
    {
        foreach (char letter in text)
        {
            if (letter == '\n')
                _text.Append("\\n");
            else if (letter == '\\' || (isLabel && letter == '"'))
                _text.Append('\\').Append(letter);
            else
                _text.Append(letter);
        }
    }

    private static List<KeyValuePair<string, object?>> Labels(in MetricPoint point)
    {
        List<KeyValuePair<string, object?>> labels = [];
        foreach (KeyValuePair<string, object?> tag in point.Tags)
            labels.Add(KeyValuePair.Create(tag.Key.Replace('.', '_'), tag.Value));
        return labels;
    }

    private static string Value(MetricType type, in MetricPoint point) => type switch
    {
        MetricType.LongSum or MetricType.LongSumNonMonotonic => Text64(point.GetSumLong()),
        MetricType.DoubleSum or MetricType.DoubleSumNonMonotonic => Text64(point.GetSumDouble()),
        MetricType.LongGauge => Text64(point.GetGaugeLastValueLong()),
        _ => Text64(point.GetGaugeLastValueDouble()),
    };

    private static string Text64(long value) => value.ToString(CultureInfo.InvariantCulture);

    private static string Text64(double value) => double.IsPositiveInfinity(value) ? "+Inf" : value.ToString(CultureInfo.InvariantCulture);
}
