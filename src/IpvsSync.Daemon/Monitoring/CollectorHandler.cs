using Microsoft.Extensions.Logging;

namespace IpvsSync.Daemon.Monitoring;

/// <summary>
/// Stands before the exporter's client of an OpenTelemetry collector, and says once that the collector cannot be reached or refuses, and once that it
/// answers again. The exporter itself says nothing. One request at a time.
/// </summary>
/// <param name="client">The exporter's client, with the certificates and the limits that the environment gives it; it is disposed with this one.</param>
/// <param name="log">The log.</param>
internal sealed class CollectorHandler(HttpClient client, ILogger log) : HttpMessageHandler
{
    private bool _isFailing;

    /// <summary>A client that sends with <paramref name="client"/>, and says what becomes of it.</summary>
    public static HttpClient Watch(HttpClient client, ILogger log) => new(new CollectorHandler(client, log)) { Timeout = client.Timeout };

    /// <inheritdoc/>
    protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        try
        {
            return Noted(request, client.Send(CopyOf(request), HttpCompletionOption.ResponseHeadersRead, cancellationToken));
        }
        catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException)
        {
            Failed(request, exception.Message);
            throw;
        }
    }

    /// <inheritdoc/>
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        try
        {
            return Noted(request, await client.SendAsync(CopyOf(request), HttpCompletionOption.ResponseHeadersRead, cancellationToken).ConfigureAwait(false));
        }
        catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException)
        {
            Failed(request, exception.Message);
            throw;
        }
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
            client.Dispose();
        base.Dispose(disposing);
    }

    /// <summary>A request can be sent by one client only. The copy is not disposed, because its content is the exporter's.</summary>
    private static HttpRequestMessage CopyOf(HttpRequestMessage request)
    {
        var copy = new HttpRequestMessage(request.Method, request.RequestUri)
        {
            Version = request.Version, VersionPolicy = request.VersionPolicy, Content = request.Content,
        };
        foreach ((string name, IEnumerable<string> values) in request.Headers)
            copy.Headers.TryAddWithoutValidation(name, values);
        return copy;
    }

    private HttpResponseMessage Noted(HttpRequestMessage request, HttpResponseMessage answer)
    {
        answer.RequestMessage = request;
        if (!answer.IsSuccessStatusCode)
        {
            Failed(request, $"it answers {(int)answer.StatusCode} {answer.ReasonPhrase}");
        }
        else if (_isFailing)
        {
            _isFailing = false;
            log.CollectorIsBack(Name(request));
        }

        return answer;
    }

    private void Failed(HttpRequestMessage request, string reason)
    {
        if (_isFailing)
            return;
        _isFailing = true;
        log.CollectorFails(Name(request), reason);
    }

    private static string Name(HttpRequestMessage request) => request.RequestUri?.Authority ?? "";
}
