using System.Threading.Channels;
using Microsoft.AspNetCore.Http;
using Portal.Engine.Api.Images.Models;
using Portal.Engine.Api.Json;
using Portal.Engine.Errors;
using Portal.Engine.Images;

namespace Portal.Engine.Api.Images;

/// <summary>
/// Runs something that tells its progress and sends that as documents, one a line, while it runs. A failure before the first document is an
/// ordinary error with its status; a later one is the last document.
/// </summary>
internal sealed class ProgressStream : IProgress<TransferProgress>
{
    private const int MostWaiting = 1024;

    // A client that reads slowly loses steps in between, never the last word: results are written apart from this.
    private readonly Channel<TransferProgress> _steps = Channel.CreateBounded<TransferProgress>(
        new BoundedChannelOptions(MostWaiting) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true });

    private readonly HttpContext _context;
    private readonly Func<TransferProgress, ProgressModel?> _map;

    private ProgressStream(HttpContext context, Func<TransferProgress, ProgressModel?> map)
    {
        _context = context;
        _map = map;
    }

    /// <param name="context">The request.</param>
    /// <param name="map">Makes a document of a step, or none.</param>
    /// <param name="work">Does it and gives the documents that tell the result.</param>
    public static async Task RunAsync(
        HttpContext context,
        Func<TransferProgress, ProgressModel?> map,
        Func<IProgress<TransferProgress>, Task<IReadOnlyList<ProgressModel>>> work)
    {
        context.Response.ContentType = "application/json";
        var stream = new ProgressStream(context, map);
        var working = stream.WorkAsync(work);
        try
        {
            await stream.WriteStepsAsync().ConfigureAwait(false);
        }
        finally
        {
            // Whatever became of the client, the work has its end and its failures are seen before the request is over.
            await ((Task)working).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        await stream.FinishAsync(working).ConfigureAwait(false);
    }

    public void Report(TransferProgress value) => _steps.Writer.TryWrite(value);

    private async Task<IReadOnlyList<ProgressModel>> WorkAsync(Func<IProgress<TransferProgress>, Task<IReadOnlyList<ProgressModel>>> work)
    {
        try
        {
            return await work(this).ConfigureAwait(false);
        }
        finally
        {
            _steps.Writer.Complete();
        }
    }

    private async Task WriteStepsAsync()
    {
        await foreach (var step in _steps.Reader.ReadAllAsync(_context.RequestAborted).ConfigureAwait(false))
        {
            if (_map(step) is { } document)
            {
                await WriteAsync(document).ConfigureAwait(false);
            }
        }
    }

    private async Task FinishAsync(Task<IReadOnlyList<ProgressModel>> working)
    {
        try
        {
            foreach (var document in await working.ConfigureAwait(false))
            {
                await WriteAsync(document).ConfigureAwait(false);
            }
        }
        catch (EngineException failure) when (_context.Response.HasStarted)
        {
            await WriteAsync(new ProgressModel { ErrorDetail = new ProgressErrorModel(failure.Message), Error = failure.Message })
                .ConfigureAwait(false);
        }
    }

    private Task WriteAsync(ProgressModel document) =>
        DockerJson.WriteLineAsync(_context, document, DockerJsonContext.Default.ProgressModel);
}
