using System.Text.Json;
using IpvsSync.Daemon.Control;
using IpvsSync.Daemon.Flow;
using IpvsSync.Daemon.Options;
using IpvsSync.Daemon.Peers;
using IpvsSync.Linux;

namespace IpvsSync.Daemon.Tests.Flow;

/// <summary>The answers to <c>resync</c>, and what is said of a director that learns.</summary>
[Collection(Alone.Name)]
public sealed class ResyncVerbsTests : IDisposable
{
    private readonly ControlledDirector _director = new(Role.Backup);
    private readonly ControlVerbs _verbs;

    public ResyncVerbsTests() => _verbs = new ControlVerbs(_director.Director, _director.Metrics, TimeProvider.System, _director.DirectorControl);

    public void Dispose()
    {
        _verbs.Dispose();
        _director.Dispose();
    }

    [Fact]
    public void Report_Learning_HasEveryMember()
    {
        StatusResync report = ResyncVerbs.Report(new ResyncSnapshot(
            ResyncState.Learning, ResyncReason.PeerReturned, ResyncOutcome.TimedOut, IsOpen: true, SourceAddress.From(new System.Net.IPAddress([192, 0, 2, 2])), 1234, 9876, 1500,
            [new ResyncRuns(ResyncReason.Start, ResyncOutcome.TimedOut, 1)]));

        Assert.Equal(
            "{\"state\":\"learning\",\"reason\":\"peer returned\",\"outcome\":\"timed out\",\"open\":true,"
            + "\"text\":\"learning 1,234 of 9,876 connections from 192.0.2.2 (peer returned; before: timed out)\",\"teacher\":\"192.0.2.2\","
            + "\"entries\":1234,\"expected\":9876,\"elapsed\":1.5,\"runs\":[{\"reason\":\"start\",\"outcome\":\"timed out\",\"count\":1}]}",
            JsonSerializer.Serialize(report, ControlJson.Default.StatusResync));
    }

    /// <summary>A backup carries nothing that it could tell.</summary>
    [Fact]
    public void Begin_Kernels_IsRefusedAsTheDirectorSays()
    {
        Assert.Contains("its role is Backup", Refusal(new ControlRequest { Verb = ControlRequest.Resync, Kernels = true }), StringComparison.Ordinal);
        Assert.Contains("from 1 to 10000000", Refusal(new ControlRequest { Verb = ControlRequest.Resync, Kernels = true, Rate = 0 }), StringComparison.Ordinal);
    }

    [Fact]
    public void Report_Telling_IsThereOnceItHasBegun()
    {
        Assert.Null(ResyncVerbs.Report(new KernelsTold(0, 0, IsRunning: false)));
        Assert.Equal(new StatusTold(0, 0, Running: true), ResyncVerbs.Report(new KernelsTold(0, 0, IsRunning: true)));
        Assert.Equal(new StatusTold(1, 7, Running: false), ResyncVerbs.Report(new KernelsTold(1, 7, IsRunning: false)));
    }

    [Fact]
    public void Begin_PeerThatIsNotThere_IsRefusedAsTheDirectorSays()
    {
        Assert.NotEqual("", Refusal(new ControlRequest { Verb = ControlRequest.Resync, From = "192.0.2.77" }));
        Assert.Contains("192.0.2.78", Refusal(new ControlRequest { Verb = ControlRequest.Resync, To = "192.0.2.78" }), StringComparison.Ordinal);
    }

    [Fact]
    public void Begin_NoAddressOrTwoThings_IsRefused()
    {
        Assert.Equal("'somebody' is no address of a peer.", Refusal(new ControlRequest { Verb = ControlRequest.Resync, From = "somebody" }));
        Assert.Equal("'1.2' is no address of a peer.", Refusal(new ControlRequest { Verb = ControlRequest.Resync, To = "1.2" }));
        Assert.Contains("exclude each other", Refusal(new ControlRequest { Verb = ControlRequest.Resync, From = "192.0.2.1", To = "192.0.2.2" }), StringComparison.Ordinal);
        Assert.Contains("exclude each other", Refusal(new ControlRequest { Verb = ControlRequest.Resync, Kernels = true, To = "192.0.2.2" }), StringComparison.Ordinal);
    }

    private string Refusal(ControlRequest request)
    {
        using var stream = new MemoryStream();
        using var output = new ControlOutput(stream, TimeProvider.System);
        return Assert.ThrowsAny<ControlException>(() => _verbs.AnswerAsync(request, output, CancellationToken.None).GetAwaiter().GetResult()).Message;
    }
}
