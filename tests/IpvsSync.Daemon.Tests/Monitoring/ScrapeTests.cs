using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace IpvsSync.Daemon.Tests.Monitoring;

/// <summary>An exporter reads the meters of every director in its process.</summary>
[Collection(Alone.Name)]
public sealed partial class ScrapeTests(ScrapedDirector director) : IClassFixture<ScrapedDirector>
{
    private const string Promtool = "promtool";
    private const string Peer = $"peer=\"{ScrapedDirector.Peer}\"";

    [Fact]
    public void Scrape_BeforeReady_SaysSo()
    {
        Assert.Equal(0, ValueOf(Assert.Single(ScrapedDirector.Lines(director.Before, "ipvs_sync_ready"))));
        Assert.Equal(1, Value("ipvs_sync_ready"));
    }

    [Fact]
    public void Scrape_Resync_HasEachStateOutcomeAndRun()
    {
        Assert.Equal(1, Lines("ipvs_sync_resync_state").Sum(ValueOf));
        Assert.Equal(1, Value("ipvs_sync_resync_state", "state=\"ready\""));
        Assert.Equal(1, Lines("ipvs_sync_resync_outcome").Sum(ValueOf));
        Assert.Equal(30, Lines("ipvs_sync_resync_runs_total").Count());
        Value("ipvs_sync_resync_runs_total", "reason=\"peer returned\"", "outcome=\"timed out\"");
    }

    [Fact]
    public void Scrape_Stages_CountWhatPassed()
    {
        AssertStage("sent", messages: 2, entries: 2);
        AssertStage("received", messages: 2, entries: 1);
        AssertStage("feed", messages: 0, entries: 0);
        AssertStage("injected", messages: 0, entries: 0);
        Assert.Equal(1, Value("ipvs_sync_refused_total", "stage=\"received\"", "reason=\"OtherSyncId\""));
        // Nothing else was refused; what was not is not listed.
        Assert.Single(Lines("ipvs_sync_refused_total"));
        Assert.Equal(0, Value("ipvs_sync_lost_total", "stage=\"received\""));
    }

    [Fact]
    public void Scrape_Lanes_CountWhatPassed()
    {
        Assert.Equal(2, Value("ipvs_sync_lane_messages_total", "stage=\"sent\"", "lane=\"0\""));
        Assert.Equal(2, Value("ipvs_sync_lane_entries_total", "stage=\"sent\"", "lane=\"0\""));
        Assert.Equal(2, Value("ipvs_sync_lane_messages_total", "stage=\"received\"", "lane=\"0\""));
        Assert.Equal(1, Value("ipvs_sync_lane_entries_total", "stage=\"received\"", "lane=\"0\""));
    }

    [Fact]
    public void Scrape_Queues_HaveTheirLengthAndLimit()
    {
        Assert.Equal(0, Value("ipvs_sync_queue_messages", "stage=\"sent\"", "lane=\"0\""));
        Assert.Equal(director.QueueLimit, Value("ipvs_sync_queue_limit_messages", "stage=\"sent\"", "lane=\"0\""));
    }

    [Fact]
    public void Scrape_Peer_IsTold()
    {
        Assert.Equal(ScrapedPeer.Messages, Value("ipvs_sync_peer_messages_total", Peer));
        Assert.Equal(1, Value("ipvs_sync_peer_entries_total", Peer));
        Assert.Equal(1, Value("ipvs_sync_peer_version", Peer));
        AssertSeconds(Value("ipvs_sync_peer_silence_seconds", Peer));
    }

    [Fact]
    public void Scrape_LossesOfAPeer_AreToldByWhatBecameOfThem()
    {
        Assert.Equal(0, Value("ipvs_sync_peer_up", Peer));
        Assert.Equal(ScrapedPeer.Lost, Value("ipvs_sync_peer_lost_total", Peer));
        Assert.Equal(1, Value("ipvs_sync_peer_repaired_total", Peer));
        Assert.Equal(1, Value("ipvs_sync_peer_given_up_total", Peer));
        Assert.Equal(1, Value("ipvs_sync_peer_missing", Peer));
        Assert.Equal(1, Value("ipvs_sync_peer_duplicates_total", Peer));
        Assert.Equal(0, Value("ipvs_sync_peer_late_total", Peer));
        Assert.Equal(0, Value("ipvs_sync_peer_out_of_window_total", Peer));
    }

    [Fact]
    public void Scrape_RepairOfAPeer_HasItsTimes()
    {
        Assert.Equal(2, Value("ipvs_sync_peer_repairs_total", Peer));
        double longest = Value("ipvs_sync_peer_repair_longest_seconds", Peer);
        Assert.InRange(longest, 0.01, ScrapedDirector.Timeout);
        Assert.InRange(Value("ipvs_sync_peer_repair_seconds_total", Peer), longest, 2 * longest);
    }

    [Fact]
    public void Scrape_RepairOfOurs_IsCountedByLane()
    {
        const string Lane = "lane=\"0\"";
        Assert.True(Value("ipvs_sync_nacks_sent_total", Lane) >= 2);
        Assert.Equal(1, Value("ipvs_sync_nacked_total", Lane));
        Assert.Equal(1, Value("ipvs_sync_retold_messages_total", Lane));
        Assert.Equal(1, Value("ipvs_sync_retold_entries_total", Lane));
        Assert.Equal(0, Value("ipvs_sync_not_retold_total", Lane));
    }

    [Fact]
    public void Scrape_WhatThePeerHolds_IsTold()
    {
        const string Peer = $"peer=\"{ScrapedPeer.Address}\"";
        Assert.Equal(0.5, Value("ipvs_sync_held_ratio", Peer));
        Assert.Equal(1, Value("ipvs_sync_held_extra_connections", Peer));
        Assert.Equal(3, Value("ipvs_sync_held_differing_cells", Peer));
    }

    [Fact]
    public void Scrape_MessagesOfNoUse_AreCounted()
    {
        Assert.Equal(1, Value("ipvs_sync_control_malformed_total"));
        Assert.Equal(1, Value("ipvs_sync_control_unknown_total"));
        Assert.True(Value("ipvs_sync_own_returned_total") >= 2);
        Assert.Equal(0, Value("ipvs_sync_unplaced_messages_total"));
    }

    [Fact]
    public void Scrape_Table_IsCountedByOrigin()
    {
        // What is sent comes back on the loopback, and is not taken for a peer's.
        Assert.Equal(1, Value("ipvs_sync_connections", "origin=\"peer\""));
        Assert.Equal(1, Value("ipvs_sync_connections", "origin=\"local\""));
        Assert.Equal(0, Value("ipvs_sync_unbound_connections"));
    }

    [Fact]
    public void Scrape_BeforeAnythingIsRefused_HasOnlyTheReasonOfAnAlert()
        => Assert.Equal(
            ["ipvs_sync_refused_total{reason=\"OtherSyncId\",stage=\"received\"} 0"],
            ScrapedDirector.Lines(director.Before, "ipvs_sync_refused_total").Select(SortLabels));

    [Fact]
    public void Scrape_Process_IsTold()
    {
        using var process = Process.GetCurrentProcess();
        double started = (process.StartTime.ToUniversalTime() - DateTime.UnixEpoch).TotalSeconds;
        Assert.Equal(started, Value("process_start_time_seconds"), 1.0);
        Assert.InRange(Value("process_cpu_seconds_total"), 0.001, process.TotalProcessorTime.TotalSeconds);
        Assert.InRange(Value("process_resident_memory_bytes"), 1 << 20, 1L << 40);
        Assert.InRange(Value("process_open_fds"), 3, 10_000);
        string build = Assert.Single(Lines("ipvs_sync_build_info"));
        Assert.Contains($"version=\"{typeof(ScrapedDirector).Assembly.GetName().Version!.ToString(3)}\"", build, StringComparison.Ordinal);
        Assert.Contains($"kernel=\"{File.ReadAllText("/proc/sys/kernel/osrelease").Trim()}\"", build, StringComparison.Ordinal);
    }

    [Fact]
    public void Scrape_Reload_IsThatOfTheStart()
    {
        Assert.Equal(1, Value("ipvs_sync_reload_applied"));
        Assert.InRange(Value("ipvs_sync_reload_time_seconds"), DateTimeOffset.UtcNow.AddHours(-1).ToUnixTimeSeconds(), DateTimeOffset.UtcNow.AddHours(1).ToUnixTimeSeconds());
    }

    [Fact]
    public void Scrape_Limit_IsThatOfTheTable() => Assert.Equal(director.ConnectionLimit, Value("ipvs_sync_connections_limit"));

    [Fact]
    public void Scrape_Role_IsTold()
    {
        Assert.Equal(1, Value("ipvs_sync_role", "role=\"master\""));
        Assert.Equal(1, Value("ipvs_sync_role", "role=\"backup\""));
    }

    [Fact]
    public void Scrape_FeedWithoutAKernel_IsTold()
    {
        Assert.Equal(0, Value("ipvs_sync_feed_bpf"));
        Assert.Equal(0, Value("ipvs_sync_feed_pushed"));
        foreach (string outcome in (string[])["told", "confirmed", "missed", "dropped"])
            Assert.Equal(0, Value("ipvs_sync_feed_records_total", $"outcome=\"{outcome}\""));
    }

    [Fact]
    public void Scrape_Lag_IsThatOfEachMessage()
    {
        Assert.Equal(1, Value("ipvs_sync_lag_seconds_count", "stage=\"sent\""));
        Assert.InRange(Value("ipvs_sync_lag_seconds_sum", "stage=\"sent\""), 0, ScrapedDirector.Timeout);
        Assert.Contains(Lines("ipvs_sync_lag_seconds_bucket"), line => line.Contains("le=\"0.002\"", StringComparison.Ordinal));
    }

    [Fact]
    public void Scrape_Staleness_IsTheAgeOfEachConnectionOfThePeers()
    {
        double count = Value("ipvs_sync_staleness_seconds_count");
        Assert.True(count >= 1, $"{count} ages of 1 connection");
        Assert.Equal(0, Value("ipvs_sync_staleness_seconds_bucket", "le=\"30\""));
        AssertSeconds(Value("ipvs_sync_staleness_seconds_sum") / count);
    }

    [Fact]
    public void Scrape_EveryMetric_IsInTheManualAndTheOtherWayRound()
    {
        string manual = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "docs", "operations.md"));
        Assert.Equal(Families().Order(), Names(manual).Distinct().Order());
    }

    [Theory]
    [InlineData("dashboard.json")]
    [InlineData("alerts.yml")]
    public void Monitoring_EveryMetricItUses_IsInTheScrape(string file)
    {
        string text = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "deploy", "monitoring", file));
        string[] used = [.. Names(text).Distinct()];

        Assert.NotEmpty(used);
        Assert.All(used, name => Assert.NotEmpty(Lines(name)));
    }

    [Fact]
    public async Task Scrape_AsPrometheusSeesIt_HasNoFault()
    {
        ProcessStartInfo start = new(Promtool, ["check", "metrics"]) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        using Process promtool = Start(start);
        await promtool.StandardInput.WriteAsync(director.Text);
        promtool.StandardInput.Close();
        string said = await promtool.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken)
            + await promtool.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);

        await promtool.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal("", said);
        Assert.Equal(0, promtool.ExitCode);
    }

    private static Process Start(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            Assert.Skip("promtool is not installed (Debian package prometheus).");
            throw;
        }
    }

    /// <summary>Metric names in a text, those of a histogram's parts included.</summary>
    private static IEnumerable<string> Names(string text) => Name().Matches(text).Select(match => match.Value);

    [GeneratedRegex(@"\b(ipvs_sync|process)_[a-z_]+\b")]
    private static partial Regex Name();

    private IEnumerable<string> Families() => director.Text.Split('\n')
        .Where(line => line.StartsWith("# TYPE ", StringComparison.Ordinal)).Select(line => line.Split(' ')[2]).Where(name => name != "target_info");

    private IEnumerable<string> Lines(string name) => ScrapedDirector.Lines(director.Text, name);

    private double Value(string name, params string[] labels)
        => ValueOf(Assert.Single(Lines(name), line => labels.All(label => line.Contains(label, StringComparison.Ordinal))));

    /// <summary>The order of labels says nothing.</summary>
    private static string SortLabels(string line)
    {
        int begin = line.IndexOf('{', StringComparison.Ordinal) + 1, end = line.IndexOf('}', StringComparison.Ordinal);
        return line[..begin] + string.Join(',', line[begin..end].Split(',').Order()) + line[end..];
    }

    private void AssertStage(string stage, long messages, long entries)
    {
        Assert.Equal(messages, Value("ipvs_sync_messages_total", $"stage=\"{stage}\""));
        Assert.Equal(entries, Value("ipvs_sync_entries_total", $"stage=\"{stage}\""));
    }

    /// <summary>The clock has jumped since the last message.</summary>
    private static void AssertSeconds(double value) => Assert.InRange(value, ScrapedDirector.Jump, ScrapedDirector.Jump + ScrapedDirector.Timeout);

    private static double ValueOf(string line) => double.Parse(line[(line.LastIndexOf(' ') + 1)..], CultureInfo.InvariantCulture);
}
