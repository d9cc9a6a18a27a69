using System.Net;
using System.Net.Sockets;
using System.Text;
using IpvsSync.Daemon.Monitoring;
using IpvsSync.Daemon.Options;
using Microsoft.Extensions.Time.Testing;

namespace IpvsSync.Daemon.Tests.Monitoring;

public sealed class MetricsServerTests : IAsyncDisposable
{
    private const string Text = "up 1\n";

    private readonly FakeTimeProvider _time = new();
    private readonly int _port = FreePort.Tcp();
    private MetricsServer? _server;

    public async ValueTask DisposeAsync()
    {
        if (_server is null)
            return;
        await _server.CloseAsync();
        _server.Dispose();
    }

    [Theory]
    [InlineData("GET /metrics HTTP/1.1\r\nHost: director-1:18748\r\n\r\n", "HTTP/1.1 200 OK", Text)]
    [InlineData("GET /metrics HTTP/1.0\r\n\r\n", "HTTP/1.1 200 OK", Text)]
    [InlineData("GET /metrics?x=1 HTTP/1.1\nHost: [::1]\n\n", "HTTP/1.1 200 OK", Text)]
    [InlineData("GET http://elsewhere/metrics HTTP/1.1\r\n\r\n", "HTTP/1.1 200 OK", Text)]
    [InlineData("HEAD /metrics HTTP/1.1\r\n\r\n", "HTTP/1.1 200 OK", "")]
    [InlineData("GET / HTTP/1.1\r\n\r\n", "HTTP/1.1 404 Not Found", "The metrics are at /metrics.\n")]
    [InlineData("GET /metrics/ HTTP/1.1\r\n\r\n", "HTTP/1.1 404 Not Found", "The metrics are at /metrics.\n")]
    [InlineData("POST /metrics HTTP/1.1\r\nContent-Length: 3\r\n\r\nabc", "HTTP/1.1 405 Method Not Allowed", "The metrics can only be read.\n")]
    [InlineData("GET /metrics\r\n\r\n", "HTTP/1.1 400 Bad Request", "This is no request of HTTP/1.\n")]
    [InlineData("PRI * HTTP/2.0\r\n\r\n", "HTTP/1.1 400 Bad Request", "This is no request of HTTP/1.\n")]
    [InlineData("\r\n\r\n", "HTTP/1.1 400 Bad Request", "This is no request of HTTP/1.\n")]
    [InlineData("  HTTP/1.1\r\n\r\n", "HTTP/1.1 400 Bad Request", "This is no request of HTTP/1.\n")]
    public void Serve_Request_IsAnsweredAndClosed(string request, string status, string body)
    {
        Open();
        string answer = Exchange(Encoding.ASCII.GetBytes(request));

        Assert.StartsWith(status + "\r\n", answer, StringComparison.Ordinal);
        Assert.Contains("Connection: close\r\n", answer, StringComparison.Ordinal);
        Assert.Equal(body, answer[(answer.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4)..]);
    }

    [Fact]
    public void Serve_EndlessRequestLine_IsRefusedAfterTheLargestHead()
    {
        Open();
        using Socket client = Connect();
        byte[] endless = new byte[64 << 10];
        endless.AsSpan().Fill((byte)'a');
        long sent = 0;
        // The server closes, whatever its client goes on to send.
        Assert.ThrowsAny<SocketException>(() =>
        {
            while (sent < 100 << 20)
                sent += client.Send(endless);
        });

        Assert.True(sent < 50 << 20, $"{sent} bytes were taken");
    }

    [Fact]
    public void Serve_HeadTooLong_IsTold()
    {
        Open();
        byte[] head = new byte[ScrapeRequest.LongestHead];
        head.AsSpan().Fill((byte)'a');

        Assert.StartsWith("HTTP/1.1 431 ", Exchange(head), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Serve_ClientThatSendsSlowly_IsClosed()
    {
        Open();
        using Socket slow = Connect();
        slow.Send("GET /met"u8);
        Task<bool> closed = Task.Run(() => IsClosed(slow), TestContext.Current.CancellationToken);
        await AdvanceUntilAsync(closed);

        Assert.True(await closed);
    }

    [Fact]
    public async Task Serve_ClientThatReadsNothing_IsClosed()
    {
        string large = new('x', 32 << 20);
        Open(() => large);
        using Socket stalling = Connect();
        stalling.Send("GET /metrics HTTP/1.1\r\n\r\n"u8);
        byte[] piece = new byte[4096];
        Assert.NotEqual(0, await stalling.ReceiveAsync(piece));
        for (int seconds = 0; seconds <= 2 * MetricsConnection.AnswerTime.TotalSeconds; seconds++)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            await Task.Delay(1, TestContext.Current.CancellationToken);
        }

        // What is in the buffers can be read, but not the whole answer.
        Assert.True(ReadToEnd(stalling) < large.Length);
    }

    [Fact]
    public void Serve_OneConnectionTooMany_IsClosedAtOnce()
    {
        Open();
        Socket[] all = [.. Enumerable.Range(0, MetricsServer.MaxConnections).Select(_ => Connect())];
        // In the order of their arrival: the server has taken the others before this one.
        Assert.True(IsRefused());

        foreach (Socket socket in all)
            socket.Dispose();
        Assert.True(SpinWait.SpinUntil(() => TryExchange() is { } answer && answer.StartsWith("HTTP/1.1 200", StringComparison.Ordinal), TimeSpan.FromSeconds(30)));
    }

    [Fact]
    public void Open_AllAddresses_AnswersIPv4AndIPv6()
    {
        Assert.SkipUnless(Socket.OSSupportsIPv6, "This system has no IPv6.");
        Open(() => Text, ListenAddress.Any);

        Assert.EndsWith(Text, Exchange("GET /metrics HTTP/1.1\r\n\r\n"u8, IPAddress.Loopback), StringComparison.Ordinal);
        Assert.EndsWith(Text, Exchange("GET /metrics HTTP/1.1\r\n\r\n"u8, IPAddress.IPv6Loopback), StringComparison.Ordinal);
    }

    [Fact]
    public void Open_Name_IsResolved()
    {
        Open(() => Text, "localhost");

        Assert.EndsWith(Text, Exchange("GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n"u8), StringComparison.Ordinal);
    }

    [Fact]
    public void Open_SeveralAddresses_EachAnswers()
    {
        _server = new MetricsServer(() => Text, _time);
        _server.Open([new ListenAddress("127.0.0.1", _port), new ListenAddress("127.0.0.2", _port)]);

        foreach (string address in (string[])["127.0.0.1", "127.0.0.2"])
            Assert.EndsWith(Text, Exchange("GET /metrics HTTP/1.1\r\n\r\n"u8, IPAddress.Parse(address)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("192.0.2.77")]
    [InlineData("no-such-host.invalid")]
    public void Open_AddressOfSomebodyElse_NamesTheKeyAndLeavesNothingOpen(string host)
    {
        using MetricsServer server = new(() => Text, _time);
        IOException refused = Assert.Throws<IOException>(() => server.Open([new ListenAddress("127.0.0.1", _port), new ListenAddress(host, _port)]));

        Assert.StartsWith($"cannot listen to Metrics:Listen {host}:{_port}: ", refused.Message, StringComparison.Ordinal);
        Children.AwaitRun();
        using TcpListener free = new(IPAddress.Loopback, _port);
        free.Start();
    }

    [Theory]
    [InlineData("ipvs_sync.bytes", "By", true, "ipvs_sync_bytes_total")]
    [InlineData("ipvs_sync.lag", "s", false, "ipvs_sync_lag_seconds")]
    [InlineData("ipvs_sync.role", "", false, "ipvs_sync_role")]
    [InlineData("ipvs_sync.lost", "{message}", true, "ipvs_sync_lost_total")]
    public void NameOf_Instrument_FollowsTheRulesForPrometheus(string name, string unit, bool isCounter, string expected)
        => Assert.Equal(expected, PrometheusText.NameOf(name, unit, isCounter));

    private void Open(Func<string>? metrics = null, string host = "127.0.0.1")
    {
        _server = new MetricsServer(metrics ?? (() => Text), _time);
        _server.Open([new ListenAddress(host, _port)]);
    }

    private Socket Connect(IPAddress? address = null)
    {
        IPAddress to = address ?? IPAddress.Loopback;
        var socket = new Socket(to.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { ReceiveTimeout = 30_000, ReceiveBufferSize = 4096 };
        socket.Connect(new IPEndPoint(to, _port));
        return socket;
    }

    /// <summary>Whether a connection is closed at once, which may be before the call that opens it returns.</summary>
    private bool IsRefused()
    {
        try
        {
            using Socket more = Connect();
            return IsClosed(more);
        }
        catch (SocketException exception) when (exception.SocketErrorCode == SocketError.ConnectionReset)
        {
            return true;
        }
    }

    private string Exchange(ReadOnlySpan<byte> request, IPAddress? address = null)
    {
        using Socket socket = Connect(address);
        socket.Send(request);
        using var reader = new StreamReader(new NetworkStream(socket));
        return reader.ReadToEnd();
    }

    private string? TryExchange()
    {
        try
        {
            return Exchange("GET /metrics HTTP/1.1\r\n\r\n"u8);
        }
        catch (Exception exception) when (exception is IOException or SocketException)
        {
            return null;
        }
    }

    private static bool IsClosed(Socket socket)
    {
        try
        {
            return socket.Receive(new byte[1]) == 0;
        }
        catch (SocketException exception)
        {
            return exception.SocketErrorCode == SocketError.ConnectionReset;
        }
    }

    /// <summary>Reads until the other side has closed or reset the connection.</summary>
    /// <returns>The bytes read.</returns>
    private static long ReadToEnd(Socket socket)
    {
        long read = 0;
        try
        {
            byte[] piece = new byte[64 << 10];
            for (int more = 1; more > 0; read += more)
                more = socket.Receive(piece);
        }
        catch (SocketException exception) when (exception.SocketErrorCode == SocketError.ConnectionReset)
        {
            // That is an end too.
        }

        return read;
    }

    private async Task AdvanceUntilAsync(Task ended)
    {
        while (!ended.IsCompleted)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }
    }
}
