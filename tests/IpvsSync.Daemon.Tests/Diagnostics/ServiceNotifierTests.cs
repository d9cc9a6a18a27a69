using System.Net.Sockets;
using System.Text;
using IpvsSync.Daemon.Diagnostics;
using IpvsSync.Daemon.Tests.Flow;
using Microsoft.Extensions.Logging.Testing;

namespace IpvsSync.Daemon.Tests.Diagnostics;

/// <summary>systemd is told what happens, and nobody waits for it: it may not read, vanish and come back.</summary>
public sealed class ServiceNotifierTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("ipvs-notify-").FullName;
    private readonly FakeLogger _log = new();
    private readonly string _path;

    public ServiceNotifierTests() => _path = Path.Combine(_directory, "notify");

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Theory]
    [InlineData("")]
    [InlineData("@")]
    public void Ready_PathOrAbstractName_Arrives(string prefix)
    {
        string name = prefix.Length == 0 ? _path : $"ipvs-notify-{Guid.NewGuid()}";
        using Socket systemd = Listen(prefix.Length == 0 ? name : "\0" + name);
        using var notifier = new ServiceNotifier(NotifySocket.Open(prefix + name), _log);
        notifier.Ready();

        Assert.Equal("READY=1\n", Read(systemd));
    }

    [Fact]
    public void Post_NobodyReads_DoesNotWaitAndIsSaidOnce()
    {
        using Socket systemd = Listen(_path);
        using ServiceNotifier notifier = Open();
        // The kernel keeps some datagrams of a socket that nobody reads.
        Until.True(() =>
        {
            notifier.Post("WATCHDOG=1");
            return _log.Collector.Count > 0;
        });
        notifier.Ready();
        notifier.Post("WATCHDOG=1");

        Assert.Equal(32, Assert.Single(_log.Collector.GetSnapshot()).Id.Id);
        Until.True(() => Read(systemd).StartsWith("READY=1\n", StringComparison.Ordinal));
        Until.True(() => _log.LatestRecord.Id.Id == 33);
    }

    [Fact]
    public void Ready_SocketComesLater_IsToldThen()
    {
        using ServiceNotifier notifier = Open();
        notifier.Ready();
        Until.True(() => _log.Collector.Count > 0);
        using Socket systemd = Listen(_path);

        Assert.Equal("READY=1\n", Read(systemd));
    }

    [Fact]
    public void Post_SocketVanishesAndComesBack_IsToldToTheNewOne()
    {
        using ServiceNotifier notifier = Open();
        using (Socket first = Listen(_path))
        {
            notifier.Post("WATCHDOG=1");
            Read(first);
        }

        Children.AwaitRun();
        notifier.Post("WATCHDOG=1");
        Until.True(() => _log.Collector.Count > 0);
        using Socket second = Listen(_path);
        notifier.Post("STATUS=new");

        Assert.Equal("STATUS=new", Read(second));
    }

    [Fact]
    public void Ready_AfterTheStopBegan_IsNotTold()
    {
        using ServiceNotifier notifier = Open();
        notifier.Stopping();
        notifier.Ready();
        Until.True(() => _log.Collector.Count > 0);
        using Socket systemd = Listen(_path);

        Assert.Equal("STOPPING=1\n", Read(systemd));
    }

    [Fact]
    public void Dispose_StopIsNotToldYet_TellsIt()
    {
        using Socket systemd = Listen(_path);
        using (ServiceNotifier notifier = Open())
            notifier.Stopping();

        Assert.Equal("STOPPING=1\n", Read(systemd));
    }

    [Theory]
    [InlineData("notify")]
    [InlineData("vsock:2:1234")]
    [InlineData("@")]
    public void Open_AddressOfNoKnownKind_SaysSo(string address)
        => Assert.Contains(address, Assert.Throws<IOException>(() => NotifySocket.Open(address)).Message, StringComparison.Ordinal);

    private static Socket Listen(string path)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified) { ReceiveTimeout = 60_000 };
        socket.Bind(new UnixDomainSocketEndPoint(path));
        return socket;
    }

    private static string Read(Socket socket)
    {
        byte[] buffer = new byte[1000];
        return Encoding.UTF8.GetString(buffer, 0, socket.Receive(buffer));
    }

    private ServiceNotifier Open() => new(NotifySocket.Open(_path), _log);
}
