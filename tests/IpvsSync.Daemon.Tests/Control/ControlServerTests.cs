using System.Net.Sockets;
using System.Text;
using IpvsSync.Daemon.Control;
using IpvsSync.Daemon.Table;
using IpvsSync.Linux.Files;
using Microsoft.Extensions.Logging.Testing;
using Microsoft.Extensions.Time.Testing;

namespace IpvsSync.Daemon.Tests.Control;

public sealed class ControlServerTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("ipvs-control-").FullName;
    private readonly FakeTimeProvider _time = new();
    private readonly FakeLogger _log = new();
    private readonly string _path;

    public ControlServerTests() => _path = Path.Combine(_directory, "run", "control.sock");

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public async Task Ask_Connections_ComeAsTheyAreInTheTable()
    {
        using ReadyDirector director = new ReadyDirector().Start();
        for (int number = 0; number < 10_000; number++)
            director.Table.Apply(Entries.Tcp(number), Origin.Peer);
        await using Running server = Open(director.Verbs.AnswerAsync);
        using var client = ControlClient.Connect(_path);

        Assert.Equal(10_000, client.Ask(new ControlRequest { Verb = ControlRequest.Connections }).Distinct().Count());
    }

    [Fact]
    public async Task Ask_Request_ArrivesWhole()
    {
        ControlRequest? heard = null;
        await using Running server = Open((request, _, _) =>
        {
            heard = request;
            return Task.CompletedTask;
        });
        var request = new ControlRequest { Verb = "verify", Service = "a", Client = "b", State = "c", Origin = "d", Limit = 7 };
        using (var client = ControlClient.Connect(_path))
            Assert.Empty(client.Ask(request));

        Assert.Equal(request, heard);
    }

    [Fact]
    public async Task Ask_Refused_ThrowsTheReason()
    {
        await using Running server = Open((_, _, _) => throw new ControlException("Not \"now\"."));
        using var client = ControlClient.Connect(_path);

        Assert.Equal("Not \"now\".", Assert.Throws<ControlException>(() => client.Ask(new ControlRequest()).ToList()).Message);
    }

    [Fact]
    public async Task Ask_VerbThatFails_IsBrokenOffAndLogged()
    {
        await using Running server = Open((_, _, _) => throw new InvalidOperationException("a fault"));
        using (var client = ControlClient.Connect(_path))
            Assert.Throws<ControlException>(() => client.Ask(new ControlRequest()).ToList());
        await server.CloseAsync();

        Assert.Equal(300, _log.LatestRecord.Id.Id);
    }

    [Theory]
    [InlineData("nonsense\n", "no line of JSON")]
    [InlineData("\n", "no line of JSON")]
    [InlineData("null\n", "speaks version 1")]
    [InlineData("{\"version\":2,\"verb\":\"status\"}\n", "speaks version 1 of the control protocol, not 2")]
    public async Task Serve_BadRequest_IsAnsweredWithWhy(string request, string reason)
    {
        await using Running server = Open((_, _, _) => Task.CompletedTask);

        Assert.Contains(reason, Exchange(request), StringComparison.Ordinal);
        Assert.Equal("{\"done\":true,\"version\":1}\n", Exchange("{\"verb\":\"status\",\"from\":\"the future\"}\n"));
    }

    [Fact]
    public async Task Serve_RequestWithoutMeasure_IsRefused()
    {
        await using Running server = Open((_, _, _) => Task.CompletedTask);

        Assert.Contains("at most 4096 bytes", Exchange(new string(' ', 4096)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Serve_ClientThatSaysNothing_IsHungUpOn()
    {
        await using Running server = Open((_, _, _) => Task.CompletedTask);
        using Socket silent = Connect();
        Task<int> hungUp = silent.ReceiveAsync(new byte[1]);
        while (!hungUp.IsCompleted)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        Assert.Equal(0, await hungUp);
    }

    [Fact]
    public async Task Serve_ClientThatReadsNothing_IsGivenUp()
    {
        var begun = new TaskCompletionSource();
        var ended = new TaskCompletionSource();
        await using Running server = Open(async (_, output, cancellation) =>
        {
            begun.SetResult();
            try
            {
                while (true)
                    await output.WriteAsync(new ControlError("words"), ControlJson.Default.ControlError, cancellation);
            }
            finally
            {
                ended.SetResult();
            }
        });
        using Socket stalling = Connect();
        stalling.Send("{}\n"u8);
        // Before that, it is the request that is waited for.
        await begun.Task;
        while (!ended.Task.IsCompleted)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        await ended.Task;
    }

    [Fact]
    public async Task Serve_OneClientTooMany_IsToldSo()
    {
        var go = new TaskCompletionSource();
        using var all = new CountdownEvent(ControlServer.MaxClients);
        await using Running server = Open((_, _, _) =>
        {
            all.Signal();
            return go.Task;
        });
        Socket[] clients = TakeAllPlaces(all);

        Assert.Contains("16 clients already", Exchange("{}\n"), StringComparison.Ordinal);
        go.SetResult();
        foreach (Socket client in clients)
            client.Dispose();
    }

    /// <summary>The refusal of a client waits for its request, but nobody waits with it.</summary>
    [Fact]
    public async Task Ask_OneOfTooManyClientsSaysNothing_OthersAreRefusedAtOnce()
    {
        var go = new TaskCompletionSource();
        using var all = new CountdownEvent(ControlServer.MaxClients);
        await using Running server = Open((_, _, _) =>
        {
            all.Signal();
            return go.Task;
        });
        Socket[] clients = TakeAllPlaces(all);

        using Socket silent = Connect();
        Task<string> refused = Task.Run(() => Exchange("{}\n"), TestContext.Current.CancellationToken);
        try
        {
            Assert.Contains("16 clients already", await refused.WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken), StringComparison.Ordinal);
        }
        finally
        {
            go.SetResult();
            foreach (Socket client in clients)
                client.Dispose();
        }
    }

    [Fact]
    public async Task Ask_VerifyWhenTheKernelsTableCannotBeRead_SaysWhy()
    {
        using ReadyDirector director = new ReadyDirector(kernel: (_, _, _) => throw new IOException("Too many open files")).Start();
        await using Running server = Open(director.Verbs.AnswerAsync);
        using var client = ControlClient.Connect(_path);
        Assert.Equal("Too many open files", Assert.Throws<ControlException>(() => client.Ask(new ControlRequest { Verb = ControlRequest.Verify }).ToList()).Message);
    }

    /// <summary>A client that only sends no more, as socat does, still waits for the answer.</summary>
    [Fact]
    public async Task Verify_ClientHasClosedTheConnection_Ends()
    {
        var begun = new TaskCompletionSource();
        var ended = new TaskCompletionSource();
        using ReadyDirector director = new ReadyDirector(kernel: async (_, _, cancellation) =>
        {
            begun.SetResult();
            await using CancellationTokenRegistration registration = cancellation.Register(ended.SetResult);
            await Task.Delay(Timeout.Infinite, cancellation);
            return default;
        }).Start();
        await using Running server = Open(director.Verbs.AnswerAsync);
        using (Socket client = Connect())
        {
            client.Send("{\"version\":1,\"verb\":\"verify\"}\n"u8);
            client.Shutdown(SocketShutdown.Send);
            await begun.Task;
            for (int look = 0; look < 5; look++)
                _time.Advance(TimeSpan.FromSeconds(1));
            Assert.False(ended.Task.IsCompleted);
        }

        _time.Advance(TimeSpan.FromSeconds(1));
        await ended.Task.WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Close_WhatIsBeingAnswered_IsAnsweredWhole()
    {
        var asked = new TaskCompletionSource();
        var go = new TaskCompletionSource();
        await using Running server = Open(async (_, output, cancellation) =>
        {
            asked.SetResult();
            await go.Task;
            await output.WriteAsync(new StopAnswer(Restored: true), ControlJson.Default.StopAnswer, cancellation);
        });
        Task<string> answer = Task.Run(() => Exchange("{}\n"), TestContext.Current.CancellationToken);
        await asked.Task;
        Task closed = server.CloseAsync();
        go.SetResult();

        Assert.Equal("{\"restored\":true}\n{\"done\":true,\"version\":1}\n", await answer);
        await closed;
    }

    [Fact]
    public async Task Close_AnswerWithoutEnd_IsBrokenOff()
    {
        var asked = new TaskCompletionSource();
        await using Running server = Open((_, _, cancellation) =>
        {
            asked.SetResult();
            return Task.Delay(Timeout.Infinite, cancellation);
        });
        Task<string> answer = Task.Run(() => Exchange("{}\n"), TestContext.Current.CancellationToken);
        await asked.Task;
        Task closed = server.CloseAsync();
        while (!closed.IsCompleted)
        {
            _time.Advance(TimeSpan.FromMilliseconds(100));
            await Task.Yield();
        }

        Assert.Equal("", await answer);
    }

    [Fact]
    public async Task Ask_DaemonThatIsStopped_SaysSo()
    {
        var go = new TaskCompletionSource();
        await using Running server = Open((_, _, _) => go.Task);
        using (var client = ControlClient.Connect(_path, TimeSpan.FromMilliseconds(50)))
        {
            Assert.Contains("does not answer", Assert.Throws<ControlException>(() => client.Ask(new ControlRequest()).ToList()).Message, StringComparison.Ordinal);
        }

        go.SetResult();
    }

    [Fact]
    public async Task Ask_AnotherService_SaysSo()
    {
        using Socket other = Listen();
        using var client = ControlClient.Connect(_path);
        using Socket accepted = await other.AcceptAsync(TestContext.Current.CancellationToken);
        accepted.Send("220 mail ESMTP\r\n"u8);

        Assert.Contains("no ipvs-syncd", Assert.Throws<ControlException>(() => client.Ask(new ControlRequest()).ToList()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ask_DaemonThatHungUpWithAReason_ThrowsTheReason()
    {
        using Socket listener = Listen();
        using var client = ControlClient.Connect(_path);
        using (Socket accepted = await listener.AcceptAsync(TestContext.Current.CancellationToken))
            accepted.Send("{\"error\":\"16 clients already\"}\n"u8);

        Assert.Equal("16 clients already", Assert.Throws<ControlException>(() => client.Ask(new ControlRequest()).ToList()).Message);
    }

    [Fact]
    public async Task Ask_DaemonThatHangsUpWithoutReading_SaysThatItBrokeOff()
    {
        using Socket listener = Listen();
        using var client = ControlClient.Connect(_path);
        using Socket accepted = await listener.AcceptAsync(TestContext.Current.CancellationToken);
        Task<ControlException> asked = Task.Run(
            () => Assert.Throws<ControlException>(() => client.Ask(new ControlRequest()).ToList()), TestContext.Current.CancellationToken);
        accepted.Poll(TimeSpan.FromSeconds(30), SelectMode.SelectRead);
        accepted.Dispose();

        Assert.Contains("broke off", (await asked).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Open_Socket_IsForOwnerAndGroupAndGoesWithTheServer()
    {
        await using (Running server = Open((_, _, _) => Task.CompletedTask))
        {
#pragma warning disable CA1416 // The daemon is for Linux alone.
            Assert.Equal(Convert.ToInt32("660", 8), (int)File.GetUnixFileMode(_path) & 0x1FF);
#pragma warning restore CA1416
        }

        Assert.False(Path.Exists(_path));
    }

    [Fact]
    public async Task Open_SocketOfADeadDaemon_IsReplaced()
    {
        LeaveStaleSocket();
        Assert.Contains("left by one that has ended", NoAnswer(), StringComparison.Ordinal);
        await using Running server = Open((_, _, _) => Task.CompletedTask);

        Assert.Contains("done", Exchange("{}\n"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Open_SocketOfALivingDaemon_SaysSoAndLeavesIt()
    {
        await using Running server = Open((_, _, _) => Task.CompletedTask);
        using var second = new ControlServer(_path, (_, _, _) => Task.CompletedTask, _time, ControlRights.Of(""), _log);

        Assert.Contains("Another ipvs-syncd answers", Assert.Throws<ControlException>(second.Open).Message, StringComparison.Ordinal);
        Assert.Contains("done", Exchange("{}\n"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(FileKind.Regular)]
    [InlineData(FileKind.Link)]
    [InlineData(FileKind.Directory)]
    [InlineData(FileKind.Fifo)]
    public void Open_AnythingButASocketAtThePath_SaysSoAndLeavesIt(FileKind kind)
    {
        string stale = _path + ".stale";
        Directory.CreateDirectory(Path.GetDirectoryName(_path)!);
        LeaveStaleSocket();
        File.Move(_path, stale);
        if (kind == FileKind.Link)
            File.CreateSymbolicLink(_path, stale);
        else if (kind == FileKind.Directory)
            Directory.CreateDirectory(_path);
        else if (kind == FileKind.Fifo)
            Children.Start("mkfifo", _path).WaitForExit();
        else
            File.WriteAllText(_path, "");
        using var server = new ControlServer(_path, (_, _, _) => Task.CompletedTask, _time, ControlRights.Of(""), _log);

        Assert.Contains($"{_path} is {FileKinds.Text(kind)}", Assert.Throws<ControlException>(server.Open).Message, StringComparison.Ordinal);
        Assert.Equal(kind, FileKinds.At(_path));
        Assert.Equal(FileKind.Socket, FileKinds.At(stale));
    }

    [Fact]
    public void Open_SocketWhoseBacklogIsFull_SaysSoAndDoesNotWait()
    {
        using Socket hanging = Listen(backlog: 2);
        List<Socket> waiting = FillBacklog();
        using var server = new ControlServer(_path, (_, _, _) => Task.CompletedTask, _time, ControlRights.Of(""), _log);

        Assert.Contains("does not answer", Assert.Throws<ControlException>(server.Open).Message, StringComparison.Ordinal);
        ControlException refusal = Assert.Throws<ControlException>(() => ControlClient.Connect(_path, TimeSpan.FromMilliseconds(50)));
        Assert.Contains("does not answer", refusal.Message, StringComparison.Ordinal);
        waiting.ForEach(socket => socket.Dispose());
    }

    [Fact]
    public async Task Close_AnswerThatCannotBeCancelled_IsNotWaitedFor()
    {
        var asked = new TaskCompletionSource();
        var never = new TaskCompletionSource();
        using var server = new ControlServer(_path, (_, _, _) => Ask(), _time, ControlRights.Of(""), _log);
        server.Open();
        Task<string> answer = Task.Run(() => Exchange("{}\n"), TestContext.Current.CancellationToken);
        await asked.Task;
        Task closed = server.CloseAsync();
        while (!closed.IsCompleted)
        {
            _time.Advance(TimeSpan.FromMilliseconds(100));
            await Task.Yield();
        }

        never.SetCanceled(TestContext.Current.CancellationToken);
        Assert.Equal("", await answer);

        Task Ask()
        {
            asked.SetResult();
            return never.Task;
        }
    }

    [Fact]
    public void Open_SocketOfAnotherProgram_SaysSoAndLeavesIt()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_path)!);
        using Socket another = new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        another.Bind(new UnixDomainSocketEndPoint(_path));
        using var server = new ControlServer(_path, (_, _, _) => Task.CompletedTask, _time, ControlRights.Of(""), _log);

        Assert.Contains("Another program has the socket", Assert.Throws<ControlException>(server.Open).Message, StringComparison.Ordinal);
        Assert.Equal(FileKind.Socket, FileKinds.At(_path));
    }

    [Fact]
    public void Open_FileWithContent_LeavesIt()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_path)!);
        File.WriteAllText(_path, "precious");
        using var server = new ControlServer(_path, (_, _, _) => Task.CompletedTask, _time, ControlRights.Of(""), _log);

        Assert.Throws<ControlException>(server.Open);
        Assert.Equal("precious", File.ReadAllText(_path));
    }

    [Fact]
    public void Connect_NoSocket_SaysSo() => Assert.Contains("there is no such socket", NoAnswer(), StringComparison.Ordinal);

    private Running Open(ControlHandler handle) => new(new ControlServer(_path, handle, _time, ControlRights.Of(""), _log));

    private string NoAnswer() => Assert.Throws<ControlException>(() => ControlClient.Connect(_path)).Message;

    /// <summary>A service of somebody else at the daemon's place.</summary>
    private Socket Listen(int backlog = 10)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_path)!);
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(_path));
        socket.Listen(backlog);
        return socket;
    }

    /// <summary>Connects until there is no room for another one that is not accepted.</summary>
    private List<Socket> FillBacklog()
    {
        var waiting = new List<Socket>();
        while (true)
        {
            var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified) { Blocking = false };
            waiting.Add(socket);
            try
            {
                socket.Connect(new UnixDomainSocketEndPoint(_path));
            }
            catch (SocketException)
            {
                return waiting;
            }
        }
    }

    private Socket Connect()
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Connect(new UnixDomainSocketEndPoint(_path));
        return socket;
    }

    /// <summary>As many clients as are served at a time ask, and wait.</summary>
    private Socket[] TakeAllPlaces(CountdownEvent all)
    {
        Socket[] clients = [.. Enumerable.Range(0, ControlServer.MaxClients).Select(_ => Connect())];
        foreach (Socket client in clients)
            client.Send("{}\n"u8);
        all.Wait(TestContext.Current.CancellationToken);
        return clients;
    }

    private string Exchange(string request)
    {
        using Socket socket = Connect();
        socket.Send(Encoding.UTF8.GetBytes(request));
        using var reader = new StreamReader(new NetworkStream(socket));
        return reader.ReadToEnd();
    }

    /// <summary>The runtime removes the file that it has bound, by that name.</summary>
    private void LeaveStaleSocket()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_path)!);
        using (var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified))
        {
            socket.Bind(new UnixDomainSocketEndPoint(_path + ".first"));
            File.Move(_path + ".first", _path);
        }

        Children.AwaitRun();
    }

    private sealed class Running : IAsyncDisposable
    {
        private readonly ControlServer _server;

        public Running(ControlServer server)
        {
            _server = server;
            server.Open();
        }

        public Task CloseAsync() => _server.CloseAsync();

        public async ValueTask DisposeAsync()
        {
            await _server.CloseAsync();
            _server.Dispose();
        }
    }
}
