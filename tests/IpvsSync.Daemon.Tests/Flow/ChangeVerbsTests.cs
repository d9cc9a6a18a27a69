using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using IpvsSync.Daemon.Control;
using IpvsSync.Daemon.Options;

namespace IpvsSync.Daemon.Tests.Flow;

/// <summary>The answers to the verbs that change a running daemon.</summary>
[Collection(Alone.Name)]
public sealed class ChangeVerbsTests : IDisposable
{
    private readonly ControlledDirector _director = new(Role.Backup);
    private readonly ControlVerbs _verbs;

    public ChangeVerbsTests() => _verbs = new ControlVerbs(_director.Director, _director.Metrics, TimeProvider.System, _director.DirectorControl);

    public void Dispose()
    {
        _verbs.Dispose();
        _director.Dispose();
    }

    [Fact]
    public async Task Reload_Changes_AreNamedByWhenTheyHold()
    {
        _director.Configure("\"Ttl\": 4, \"SyncRefreshPeriod\": 5");
        ReloadAnswer answer = await AskAsync(ControlRequest.Reload, ControlJson.Default.ReloadAnswer);

        Assert.Equal([new ChangedKey("SyncRefreshPeriod", "60", "5")], answer.Applied);
        Assert.Equal([new ChangedKey("Ttl", "1", "4")], answer.NeedsRestart);
        Assert.Equal(5, _director.Director.Options.SyncRefreshPeriod);
    }

    [Fact]
    public async Task Reload_Again_NamesWhatStillNeedsARestartAlone()
    {
        _director.Configure("\"Ttl\": 4, \"SyncRefreshPeriod\": 5");
        await AskAsync(ControlRequest.Reload, ControlJson.Default.ReloadAnswer);
        ReloadAnswer answer = await AskAsync(ControlRequest.Reload, ControlJson.Default.ReloadAnswer);

        Assert.Empty(answer.Applied);
        Assert.Equal("Ttl", Assert.Single(answer.NeedsRestart).Key);
    }

    [Fact]
    public async Task Reload_Faults_AreAllNamedAndNothingChanges()
    {
        _director.Configure("\"SyncRefreshPeriod\": 5, \"SyncRetries\": 7, \"Ttl\": 0");
        ReloadAnswer answer = await AskAsync(ControlRequest.Reload, ControlJson.Default.ReloadAnswer);

        Assert.Equal(2, answer.Faults.Count);
        Assert.Empty(answer.Applied);
        Assert.Equal(60, _director.Director.Options.SyncRefreshPeriod);
    }

    [Fact]
    public async Task Reload_AfterARoleWasChanged_LeavesTheRole()
    {
        _director.DirectorControl.ChangeRole(Role.Both);
        _director.Configure("\"SyncRefreshPeriod\": 5");
        ReloadAnswer answer = await AskAsync(ControlRequest.Reload, ControlJson.Default.ReloadAnswer);

        Assert.Equal("SyncRefreshPeriod", Assert.Single(answer.Applied).Key);
        Assert.Empty(answer.NeedsRestart);
        Assert.Equal(Role.Both, _director.Director.Options.Role);
    }

    [Fact]
    public async Task Role_Changed_SaysWhatWasAndStatusWhatIs()
    {
        Assert.Equal(new RoleAnswer("Both", "Backup", "Backup"), await AskAsync("role", ControlJson.Default.RoleAnswer, "both"));

        StatusAnswer status = await AskAsync(ControlRequest.Status, ControlJson.Default.StatusAnswer);
        Assert.Equal(("Both", "Backup"), (status.Role, status.ConfiguredRole));
        Assert.NotNull(status.Kernel.Feed);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("1")]
    [InlineData("primary")]
    public async Task Role_NoSuch_SaysWhichThereAre(string? role)
    {
        ControlException refusal = await Assert.ThrowsAsync<ControlException>(() => AskAsync("role", ControlJson.Default.RoleAnswer, role));

        Assert.Contains("master, backup, both", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(Role.Backup, _director.Director.Options.Role);
    }

    [Fact]
    public async Task Stop_Answer_ComesWhenTheDirectorHasStopped()
    {
        Task<StopAnswer> answer = AskAsync(ControlRequest.Stop, ControlJson.Default.StopAnswer);
        Assert.True(_director.Lifetime.ApplicationStopping.IsCancellationRequested);
        Assert.False(answer.IsCompleted);

        Assert.True(_director.DirectorControl.Stop());
        Assert.True((await answer).Restored);
        ControlException refusal = await Assert.ThrowsAsync<ControlException>(() => AskAsync("role", ControlJson.Default.RoleAnswer, "both"));
        Assert.Equal("The daemon stops.", refusal.Message);
    }

    private async Task<T> AskAsync<T>(string verb, JsonTypeInfo<T> type, string? role = null)
    {
        using var stream = new MemoryStream();
        using var output = new ControlOutput(stream, TimeProvider.System);
        await _verbs.AnswerAsync(new ControlRequest { Verb = verb, Role = role }, output, TestContext.Current.CancellationToken);
        await output.FlushAsync(TestContext.Current.CancellationToken);
        return JsonSerializer.Deserialize(Encoding.UTF8.GetString(stream.ToArray()), type)!;
    }
}
