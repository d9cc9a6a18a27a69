using System.Globalization;

namespace IpvsSync.Daemon.Commands.Demo;

/// <summary>A demo as text, for both views.</summary>
internal static class DemoText
{
    private const int MaxDifferences = 10;

    /// <summary>The columns of <see cref="Rows"/>.</summary>
    public static readonly IReadOnlyList<string> Columns = ["", "messages/s", "entries/s", "bytes/s", "messages", "entries", "bytes"];

    /// <summary>The traffic at each point, with rates since <paramref name="before"/>.</summary>
    public static IEnumerable<string[]> Rows(DemoSnapshot now, DemoSnapshot? before, SyncKnobs knobs)
    {
        double seconds = (now.Elapsed - (before?.Elapsed ?? TimeSpan.Zero)).TotalSeconds;
        yield return FeedRow(now.Feed, before?.Feed ?? default, seconds);
        yield return Row("sent by the master", now.Sent, before?.Sent ?? default, seconds);
        yield return Row("received by the backup", now.Received, before?.Received ?? default, seconds);
        yield return Row($"the kernel's sync would send, {knobs}", now.KernelSame, before?.KernelSame ?? default, seconds);
        yield return Row($"with its defaults, {SyncKnobs.KernelDefaults}", now.KernelDefaults, before?.KernelDefaults ?? default, seconds);
    }

    /// <summary>The line with table sizes and losses.</summary>
    public static string Tables(DemoSnapshot now) => Text(
        $"connections: {now.OnMaster} on the master, {now.OnBackup} on the backup; entries coalesced: {now.Coalesced}, ")
        + Text($"postponed: {now.Postponed}; messages lost: {now.Lost}");

    /// <summary>One line for an output that is not a terminal.</summary>
    public static string Line(DemoSnapshot now, DemoSnapshot? before)
    {
        double seconds = (now.Elapsed - (before?.Elapsed ?? TimeSpan.Zero)).TotalSeconds;
        DemoCount sent = before?.Sent ?? default;
        return Text($"{now.Elapsed.TotalSeconds,4:0} s: {Rate(now.Sent.Messages, sent.Messages, seconds)} messages/s, ")
            + Text($"{Rate(now.Sent.Bytes, sent.Bytes, seconds)} bytes/s; {Tables(now)}");
    }

    /// <summary>The lines at the end of the demo.</summary>
    public static IEnumerable<string> End(DemoSnapshot last, TableComparison comparison)
    {
        DemoCount sent = last.Sent;
        yield return Text($"{last.Elapsed.TotalSeconds:0.0} s: {sent.Messages} messages, {sent.Entries} entries, {sent.Bytes} bytes sent; ")
            + Text($"{last.Postponed} entries postponed, {last.Coalesced} coalesced; {last.Lost} messages lost");
        yield return $"the kernel's sync: {Against(last.KernelSame, sent)} with the same policy, "
            + $"{Against(last.KernelDefaults, sent)} with its defaults";
        foreach ((Protocol.ConnectionKey key, string reason) in comparison.Differences.Take(MaxDifferences))
            yield return $"  {key}: {reason}";
        if (comparison.Differences.Count > MaxDifferences)
            yield return Text($"  and {comparison.Differences.Count - MaxDifferences} more");
        if (last.Lost > 0)
            yield return "Messages were lost on the loopback: a socket was full. A lower --rate helps, or a larger net.core.rmem_max.";
        if (comparison.Outlived > 0)
            yield return Text($"{comparison.Outlived} connections have timed out on the master and will soon on the backup");
        yield return Text($"{comparison.Differences.Count} differences of {comparison.Connections} connections");
    }

    private static string Against(DemoCount kernel, DemoCount ours) => kernel.Bytes == 0
        ? Text($"{kernel.Bytes} bytes")
        : Text($"{kernel.Bytes} bytes (ours are {100.0 * ours.Bytes / kernel.Bytes:0} %)");

    private static string[] FeedRow(DemoCount now, DemoCount before, double seconds)
        => ["told by the director", "", Rate(now.Entries, before.Entries, seconds), "", "", Text($"{now.Entries}"), ""];

    private static string[] Row(string name, DemoCount now, DemoCount before, double seconds) =>
    [
        name,
        Rate(now.Messages, before.Messages, seconds), Rate(now.Entries, before.Entries, seconds), Rate(now.Bytes, before.Bytes, seconds),
        Text($"{now.Messages}"), Text($"{now.Entries}"), Text($"{now.Bytes}"),
    ];

    private static string Rate(long now, long before, double seconds) => seconds > 0 ? Text($"{(now - before) / seconds:0}") : "";

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
