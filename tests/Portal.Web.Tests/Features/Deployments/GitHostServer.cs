using System.Collections.Concurrent;
using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Portal.Web.Tests.Features.Deployments;

/// <summary>A server that takes what a Git host is told, and answers as it is bidden.</summary>
internal sealed class GitHostServer : IAsyncDisposable
{
    private readonly WebApplication _application;

    private GitHostServer(WebApplication application) => _application = application;

    /// <summary>What came: path as it was sent, headers, body.</summary>
    public ConcurrentQueue<(string Path, IReadOnlyDictionary<string, string> Headers, JsonElement Body)> Calls { get; } = new();

    /// <summary>What is answered next: a code, a body and how long to stay away. Created, where nothing is bidden.</summary>
    public ConcurrentQueue<(int Status, string Body, string RetryAfter)> Answers { get; } = new();

    public string Address => _application.Urls.First();

    public static async Task<GitHostServer> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var application = builder.Build();
        var server = new GitHostServer(application);
        application.Run(server.TakeAsync);
        await application.StartAsync();
        return server;
    }

    public ValueTask DisposeAsync() => _application.DisposeAsync();

    private async Task TakeAsync(HttpContext context)
    {
        var raw = context.Features.Get<Microsoft.AspNetCore.Http.Features.IHttpRequestFeature>()!.RawTarget;
        var headers = context.Request.Headers.ToDictionary(header => header.Key, header => $"{header.Value}", StringComparer.OrdinalIgnoreCase);
        using var body = await JsonDocument.ParseAsync(context.Request.Body);
        Calls.Enqueue(($"{context.Request.Method} {raw}", headers, body.RootElement.Clone()));
        var (status, text, retry) = Answers.TryDequeue(out var bidden) ? bidden : ((int)HttpStatusCode.Created, "{}", "");
        context.Response.StatusCode = status;
        if (retry.Length > 0)
        {
            context.Response.Headers.RetryAfter = retry;
        }

        await context.Response.WriteAsync(text);
    }
}
