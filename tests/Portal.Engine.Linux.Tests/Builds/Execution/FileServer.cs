using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Portal.Engine.Linux.Tests.Builds.Execution;

/// <summary>A few files over HTTP on loopback.</summary>
internal sealed class FileServer : IAsyncDisposable
{
    private readonly WebApplication _app;

    private FileServer(WebApplication app)
    {
        _app = app;
    }

    public string Address => _app.Urls.Single();

    public static async Task<FileServer> StartAsync(Dictionary<string, byte[]> files)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        app.MapGet("/{**path}", (HttpContext context) =>
            files.TryGetValue(context.Request.Path.Value!, out var content) ? Results.Bytes(content) : Results.NotFound());
        await app.StartAsync();
        return new FileServer(app);
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
