using System.IO.Compression;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Portal.Testing.Metrics;

/// <summary>A collector that takes metrics by OTLP over HTTP on a loopback port, as strictly as the protocol is written.</summary>
public sealed class OtlpCollector : IAsyncDisposable
{
    private readonly WebApplication _application;
    private readonly List<(OtlpRequest Request, string Authorization)> _taken = [];
    private readonly Queue<Func<HttpResponse, Task>> _answers = new();
    private int _calls;

    private OtlpCollector(WebApplication application) => _application = application;

    public Uri Address => new(_application.Urls.First());

    /// <summary>How often it was called, also when it took nothing.</summary>
    public int Calls => Volatile.Read(ref _calls);

    /// <summary>What it took, and the header <c>Authorization</c>, in order.</summary>
    public IReadOnlyList<(OtlpRequest Request, string Authorization)> Taken
    {
        get
        {
            lock (_taken)
            {
                return [.. _taken];
            }
        }
    }

    /// <summary>All values by <c>name{a="b"}</c>; those that came later win.</summary>
    public IReadOnlyDictionary<string, double> Values => Taken.SelectMany(taken => ValuesOf(taken.Request))
        .GroupBy(value => value.Key).ToDictionary(value => value.Key, value => value.Last().Value);

    public static async Task<OtlpCollector> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var application = builder.Build();
        var collector = new OtlpCollector(application);
        application.Run(collector.AnswerAsync);
        await application.StartAsync();
        return collector;
    }

    /// <summary>Answers a coming call otherwise, once; several do so in their order.</summary>
    public void AnswerNext(Func<HttpResponse, Task> answer)
    {
        lock (_taken)
        {
            _answers.Enqueue(answer);
        }
    }

    /// <summary>The values of a request, by <c>name{a="b"}</c>.</summary>
    public static IEnumerable<KeyValuePair<string, double>> ValuesOf(OtlpRequest request) => request.ResourceMetrics
        .SelectMany(resource => resource.ScopeMetrics).SelectMany(scope => scope.Metrics)
        .SelectMany(metric => (metric.Gauge?.Points ?? metric.Sum.Points).Select(point => KeyValuePair.Create(
            $"{metric.Name}{{{string.Join(',', point.Attributes.Select(label => $"{label.Key}=\"{label.Value.StringValue}\""))}}}",
            point.AsDouble)));

    /// <summary>What is said of the program that sent a request.</summary>
    public static IReadOnlyDictionary<string, string> ResourceOf(OtlpRequest request) =>
        request.ResourceMetrics.Single().Resource.Attributes.ToDictionary(pair => pair.Key, pair => pair.Value.StringValue);

    public async ValueTask DisposeAsync()
    {
        using var now = new CancellationTokenSource(TimeSpan.FromSeconds(1));
        await _application.StopAsync(now.Token);
        await _application.DisposeAsync();
    }

    private async Task AnswerAsync(HttpContext context)
    {
        Interlocked.Increment(ref _calls);
        Func<HttpResponse, Task>? answer;
        lock (_taken)
        {
            _answers.TryDequeue(out answer);
        }

        if (answer is not null)
        {
            await answer(context.Response);
            return;
        }

        var (request, headers) = (context.Request, context.Request.Headers);
        if (request.Method != HttpMethods.Post || request.Path != "/v1/metrics"
            || request.ContentType != "application/x-protobuf" || headers.ContentEncoding != "gzip")
        {
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
            return;
        }

        var body = new MemoryStream();
        await using (var plain = new GZipStream(request.Body, CompressionMode.Decompress))
        {
            await plain.CopyToAsync(body);
        }

        lock (_taken)
        {
            _taken.Add((OtlpRequest.Parser.ParseFrom(body.ToArray()), headers.Authorization.ToString()));
        }

        context.Response.ContentType = "application/x-protobuf";
    }
}
