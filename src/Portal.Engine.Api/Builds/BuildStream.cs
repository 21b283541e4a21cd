using System.Threading.Channels;
using Microsoft.AspNetCore.Http;
using Portal.Engine.Api.Builds.Models;
using Portal.Engine.Api.Json;
using Portal.Engine.Errors;

namespace Portal.Engine.Api.Builds;

/// <summary>
/// Sends a build's documents while it runs. Nothing is dropped: a client that reads slowly holds the build up, as it does in Docker. A
/// failure before the first document is an ordinary error with its status, a later one the last document.
/// </summary>
internal sealed class BuildStream(HttpContext context)
{
    private const int MostWaiting = 1024;

    private readonly Channel<BuildProgressModel> _documents = Channel.CreateBounded<BuildProgressModel>(
        new BoundedChannelOptions(MostWaiting) { SingleReader = true, FullMode = BoundedChannelFullMode.Wait });

    public void Add(BuildProgressModel document)
    {
        // The build's thread waits here for the client; when that is gone, the channel is closed and the build is being stopped.
        while (!_documents.Writer.TryWrite(document))
        {
            if (!_documents.Writer.WaitToWriteAsync().AsTask().GetAwaiter().GetResult())
            {
                return;
            }
        }
    }

    public void AddAll(IEnumerable<BuildProgressModel> documents)
    {
        foreach (var document in documents)
        {
            Add(document);
        }
    }

    public async Task RunAsync(Func<CancellationToken, Task> work, Func<EngineException, BuildProgressModel> describe)
    {
        var working = Task.Run(() => WorkAsync(work));
        try
        {
            await foreach (var document in _documents.Reader.ReadAllAsync(context.RequestAborted).ConfigureAwait(false))
            {
                await WriteAsync(document).ConfigureAwait(false);
            }
        }
        finally
        {
            _documents.Writer.TryComplete();
            await working.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        try
        {
            await working.ConfigureAwait(false);
        }
        catch (EngineException failure) when (context.Response.HasStarted)
        {
            await WriteAsync(describe(failure)).ConfigureAwait(false);
        }
    }

    private async Task WorkAsync(Func<CancellationToken, Task> work)
    {
        try
        {
            await work(context.RequestAborted).ConfigureAwait(false);
        }
        finally
        {
            _documents.Writer.TryComplete();
        }
    }

    private Task WriteAsync(BuildProgressModel document) =>
        DockerJson.WriteLineAsync(context, document, DockerJsonContext.Default.BuildProgressModel);
}
