using IpvsSync.Daemon.Control;
using IpvsSync.Linux.Processes;
using Microsoft.Extensions.Logging.Testing;
using Microsoft.Extensions.Time.Testing;

namespace IpvsSync.Daemon.Tests.Control;

public sealed class ControlRightsTests : IDisposable
{
    private const uint Daemon = 990;
    private const uint Admins = 70;

    private readonly string _directory = Directory.CreateTempSubdirectory("ipvs-rights-").FullName;
    private readonly FakeTimeProvider _time = new();
    private readonly FakeLogger _log = new();

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Theory]
    [InlineData("status", 1000, 5, true)]
    [InlineData("connections", 1000, 5, true)]
    [InlineData("verify", 1000, 5, true)]
    [InlineData("ready", 1000, 5, true)]
    [InlineData("resync", 1000, 5, false)]
    [InlineData("stop", 1000, 5, false)]
    [InlineData("role", 1000, 5, false)]
    [InlineData("reload", 1000, 5, false)]
    [InlineData("of the future", 1000, 5, false)]
    [InlineData(null, 1000, 5, false)]
    [InlineData("STATUS", 1000, 5, false)]
    [InlineData("stop", 0, 5, true)]
    [InlineData("stop", Daemon, 5, true)]
    [InlineData("stop", 1000, Admins, true)]
    public void Allow_UserAndVerb_ReadingForAllAndChangingForSome(string? verb, uint user, uint group, bool expected)
    {
        Assert.Equal(expected, new ControlRights(Daemon, Admins).Allow(new ControlPeer(1, user, [4, group]), verb));
        Assert.Equal(expected && group != Admins, new ControlRights(Daemon, null).Allow(new ControlPeer(1, user, [4, group]), verb));
    }

    [Fact]
    public async Task Ask_AsAnotherUser_MayReadAndNotChange()
    {
        string path = Open(new ControlRights(own: 0, null), out ControlServer server);
        try
        {
            OtherUser.Run(OtherUser.Nobody, OtherUser.Nobody, () =>
            {
                Assert.Empty(Ask(path, ControlRequest.Status));
                for (int i = 0; i < 3; i++)
                    Assert.Contains("may read, but not change", Assert.Throws<ControlException>(() => Ask(path, ControlRequest.Stop)).Message, StringComparison.Ordinal);
            });
            Assert.Equal(301, Assert.Single(_log.Collector.GetSnapshot()).Id.Id);
            _time.Advance(TimeSpan.FromMinutes(1));
            OtherUser.Run(OtherUser.Nobody, OtherUser.Nobody, () => Assert.Throws<ControlException>(() => Ask(path, ControlRequest.Reload)));
            Assert.Contains("user 65534", _log.LatestRecord.Message, StringComparison.Ordinal);
            Assert.Contains("2 more were refused", _log.LatestRecord.Message, StringComparison.Ordinal);
            Assert.Empty(Ask(path, ControlRequest.Stop));
        }
        finally
        {
            await server.CloseAsync();
            server.Dispose();
        }
    }

    [Fact]
    public async Task Ask_AsAMemberOfTheGroup_MayChange()
    {
        string path = Open(new ControlRights(own: 0, Admins), out ControlServer server);
        try
        {
            OtherUser.Run(OtherUser.Nobody, (int)Admins, () => Assert.Empty(Ask(path, ControlRequest.Stop)));
        }
        finally
        {
            await server.CloseAsync();
            server.Dispose();
        }
    }

    [Theory]
    [InlineData("root", 0u)]
    [InlineData("4711", 4711u)]
    [InlineData("no-such-group-here", null)]
    [InlineData("root\0", null)]
    public void Find_Group_IsItsNumber(string group, uint? expected) => Assert.Equal(expected, UserGroups.Find(group));

    private static List<string> Ask(string path, string verb)
    {
        using var client = ControlClient.Connect(path);
        return [.. client.Ask(new ControlRequest { Verb = verb })];
    }

    /// <summary>Opens a server that everybody can connect to.</summary>
    private string Open(ControlRights rights, out ControlServer server)
    {
        string path = Path.Combine(_directory, "control.sock");
        server = new ControlServer(path, (_, _, _) => Task.CompletedTask, _time, rights, _log);
        server.Open();
        const UnixFileMode All = (UnixFileMode)0b111_111_111;
#pragma warning disable CA1416 // The tests run only on Linux.
        File.SetUnixFileMode(_directory, All);
        File.SetUnixFileMode(path, All);
#pragma warning restore CA1416
        return path;
    }
}
