using System.Net;
using IpvsSync.Daemon.Monitoring;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;

namespace IpvsSync.Daemon.Tests.Monitoring;

public sealed class CollectorHandlerTests : IDisposable
{
    private const string Failure = "The metrics do not come to the collector at collector:4318: ";
    private const string Again = "The metrics come to the collector at collector:4318 again.";

    private readonly FakeLogger _log = new();
    private readonly Collector _collector = new();
    private readonly HttpClient _client;

    public CollectorHandlerTests() => _client = CollectorHandler.Watch(new HttpClient(_collector), _log);

    public void Dispose()
    {
        _client.Dispose();
        _collector.Dispose();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Send_CollectorIsAwayAndComesBack_IsSaidOnceEach(bool isAsync)
    {
        await SendAsync(isAsync, HttpStatusCode.OK);
        Assert.Empty(Said());

        await SendAsync(isAsync, answer: null);
        await SendAsync(isAsync, answer: null);
        await SendAsync(isAsync, HttpStatusCode.NotFound);
        Assert.Equal([Failure + "no way"], Said());
        Assert.Equal(LogLevel.Warning, _log.LatestRecord.Level);

        await SendAsync(isAsync, HttpStatusCode.OK);
        await SendAsync(isAsync, HttpStatusCode.OK);
        Assert.Equal([Failure + "no way", Again], Said());

        await SendAsync(isAsync, HttpStatusCode.NotFound);
        Assert.Equal([Failure + "no way", Again, Failure + "it answers 404 Not Found"], Said());
    }

    [Fact]
    public void Dispose_EndsWhatSends()
    {
        _client.Dispose();
        Assert.True(_collector.IsDisposed);
    }

    private string[] Said() => [.. _log.Collector.GetSnapshot().Select(record => record.Message)];

    private async Task SendAsync(bool isAsync, HttpStatusCode? answer)
    {
        _collector.Answer = answer;
        using var request = new HttpRequestMessage(HttpMethod.Post, "http://collector:4318/v1/metrics") { Content = new ByteArrayContent([1, 2]) };
        request.Headers.Add("api-key", "7");
        Exception? failure = await Record.ExceptionAsync(async () =>
        {
            using HttpResponseMessage said = isAsync ? await _client.SendAsync(request, CancellationToken.None) : _client.Send(request, CancellationToken.None);
            Assert.Equal((answer, request), (said.StatusCode, said.RequestMessage));
        });
        // The exporter must see what happened.
        Assert.Equal(answer is null ? "no way" : null, failure?.Message);
    }

    private sealed class Collector : HttpMessageHandler
    {
        public HttpStatusCode? Answer { get; set; }

        public bool IsDisposed { get; private set; }

        protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Assert.Equal((HttpMethod.Post, "7", 2L), (request.Method, Assert.Single(request.Headers.GetValues("api-key")), request.Content!.Headers.ContentLength));
            return new(Answer ?? throw new HttpRequestException("no way")) { RequestMessage = request };
        }

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
            => Task.Run(() => Send(request, cancellationToken), cancellationToken);

        protected override void Dispose(bool disposing)
        {
            IsDisposed = true;
            base.Dispose(disposing);
        }
    }
}
