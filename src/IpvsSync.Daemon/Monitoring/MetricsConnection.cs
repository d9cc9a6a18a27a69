using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace IpvsSync.Daemon.Monitoring;

/// <summary>
/// One connection to the metrics listener: one request, one answer, closed. The head has a largest size, and both sides have a time, so that
/// a connection costs little and ends whatever the client does. One thread at a time.
/// </summary>
/// <param name="client">The connection; closed at the end.</param>
/// <param name="metrics">Makes the text of the metrics.</param>
/// <param name="time">The clock of the timeouts.</param>
internal sealed class MetricsConnection(Socket client, Func<string> metrics, TimeProvider time)
{
    /// <summary>How long a client may take to send the head.</summary>
    public static readonly TimeSpan HeadTime = TimeSpan.FromSeconds(5);

    /// <summary>How long it may take to read the answer; Prometheus itself waits 10 s at most by default.</summary>
    public static readonly TimeSpan AnswerTime = TimeSpan.FromSeconds(10);

    /// <summary>How long, and for how many bytes, the rest of a long request is read, so that its client sees the answer.</summary>
    private static readonly TimeSpan s_drainTime = TimeSpan.FromSeconds(1);
    private const int LongestDrain = 64 << 10;

    /// <summary>Answers and closes.</summary>
    /// <param name="stopping">Cancelled when the server closes.</param>
    public async Task ServeAsync(CancellationToken stopping)
    {
        using Socket _ = client;
        try
        {
            byte[] head = new byte[ScrapeRequest.LongestHead];
            (byte[] answer, bool isWhole) = await AnswerAsync(head, stopping).ConfigureAwait(false);
            await SendAsync(answer, stopping).ConfigureAwait(false);
            client.Shutdown(SocketShutdown.Send);
            if (!isWhole)
                await DrainAsync(head, stopping).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is SocketException or OperationCanceledException)
        {
            // The client is gone or too slow, or the daemon stops.
        }
    }

    private async Task<(byte[] Answer, bool IsWhole)> AnswerAsync(byte[] head, CancellationToken stopping)
    {
        int length = await ReadHeadAsync(head, stopping).ConfigureAwait(false);
        if (length == 0)
            return (Answer("431 Request Header Fields Too Large", "The request is too long.\n"), false);
        var request = ScrapeRequest.Parse(head.AsSpan(0, length));
        return (request switch
        {
            { Method: "" } => Answer("400 Bad Request", "This is no request of HTTP/1.\n"),
            { Method: not ("GET" or "HEAD") } => Answer("405 Method Not Allowed", "The metrics can only be read.\n", "Allow: GET, HEAD\r\n"),
            { Path: not "/metrics" } => Answer("404 Not Found", "The metrics are at /metrics.\n"),
            { Method: "HEAD" } => Answer("200 OK", metrics(), hasBody: false),
            _ => Answer("200 OK", metrics()),
        }, request.Method is "GET" or "HEAD");
    }

    /// <summary>Reads up to the empty line.</summary>
    /// <returns>The bytes read; 0 if the head is too long.</returns>
    private async Task<int> ReadHeadAsync(byte[] head, CancellationToken stopping)
    {
        using var timeout = new CancellationTokenSource(HeadTime, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, stopping);
        for (int length = 0; length < head.Length;)
        {
            int more = await client.ReceiveAsync(head.AsMemory(length), SocketFlags.None, either.Token).ConfigureAwait(false);
            if (more == 0)
                throw new OperationCanceledException("The client hung up.");
            length += more;
            if (ScrapeRequest.IsComplete(head.AsSpan(0, length)))
                return length;
        }

        return 0;
    }

    private async Task SendAsync(byte[] answer, CancellationToken stopping)
    {
        using var timeout = new CancellationTokenSource(AnswerTime, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, stopping);
        for (int sent = 0; sent < answer.Length;)
            sent += await client.SendAsync(answer.AsMemory(sent), SocketFlags.None, either.Token).ConfigureAwait(false);
    }

    /// <summary>To close with unread bytes would reset the connection, and the client would not see the answer.</summary>
    private async Task DrainAsync(byte[] buffer, CancellationToken stopping)
    {
        using var timeout = new CancellationTokenSource(s_drainTime, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, stopping);
        int more = 1;
        for (int read = 0; more > 0 && read < LongestDrain; read += more)
            more = await client.ReceiveAsync(buffer, SocketFlags.None, either.Token).ConfigureAwait(false);
    }

    private static byte[] Answer(string status, string body, string header = "", bool hasBody = true)
    {
        string type = status.StartsWith("200", StringComparison.Ordinal) ? PrometheusText.ContentType : "text/plain; charset=utf-8";
        string head = string.Create(
            CultureInfo.InvariantCulture,
            $"HTTP/1.1 {status}\r\n{header}Content-Type: {type}\r\nContent-Length: {Encoding.UTF8.GetByteCount(body)}\r\nConnection: close\r\n\r\n");
        return Encoding.UTF8.GetBytes(hasBody ? head + body : head);
    }
}
