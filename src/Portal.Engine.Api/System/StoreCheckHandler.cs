using System.Threading.Channels;
using Microsoft.AspNetCore.Http;
using Portal.Engine.Api.Json;
using Portal.Engine.Api.Routing;
using Portal.Engine.Api.System.Models;
using Portal.Engine.Errors;
using Portal.Engine.Images.Checking;

namespace Portal.Engine.Api.System;

/// <summary>The check of the store, which Docker has nothing like: a stream of documents, one a line. The end of the client stops it.</summary>
internal sealed class StoreCheckHandler(IStoreCheck check)
{
    public async Task CheckAsync(HttpContext context)
    {
        var request = new StoreCheckRequest
        {
            Mend = context.Flag("mend"),
            ReadContents = !context.Flag("quick"),
        };

        // Bounded by the number of problems: progress comes every 100 ms at most, and a reader that lags that much is gone.
        var news = Channel.CreateUnbounded<StoreCheckProgress>(new UnboundedChannelOptions { SingleReader = true });
        var checking = RunAsync(request, news, context.RequestAborted);
        context.Response.ContentType = "application/json";
        try
        {
            await foreach (var step in news.Reader.ReadAllAsync(context.RequestAborted).ConfigureAwait(false))
            {
                await WriteAsync(context, Map(step)).ConfigureAwait(false);
            }
        }
        finally
        {
            await ((Task)checking).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        try
        {
            var report = await checking.ConfigureAwait(false);
            await WriteAsync(context, new StoreCheckModel { Report = Map(report) }).ConfigureAwait(false);
        }
        catch (EngineException failure) when (context.Response.HasStarted)
        {
            await WriteAsync(context, new StoreCheckModel { Error = failure.Message }).ConfigureAwait(false);
        }
    }

    private async Task<StoreCheckReport> RunAsync(
        StoreCheckRequest request, Channel<StoreCheckProgress> news, CancellationToken cancellationToken)
    {
        try
        {
            return await check.RunAsync(request, new Relay(news), cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            news.Writer.Complete();
        }
    }

    private static StoreCheckModel Map(StoreCheckProgress step) => new()
    {
        Phase = step.Phase.ToString(),
        Current = step.Current,
        Total = step.Total,
        Problem = step.Problem is { } problem
            ? new StoreProblemModel(problem.Kind.ToString(), problem.Subject, problem.Message, problem.Outcome.ToString())
            : null,
    };

    private static StoreReportModel Map(StoreCheckReport report) => new(
        report.Blobs, report.Bytes, report.Layers, report.Images, report.Problems.Count, report.UnusedBytes, report.FreedBytes,
        report.IsSound);

    private static Task WriteAsync(HttpContext context, StoreCheckModel line) =>
        DockerJson.WriteLineAsync(context, line, DockerJsonContext.Default.StoreCheckModel);

    private sealed class Relay(Channel<StoreCheckProgress> news) : IProgress<StoreCheckProgress>
    {
        public void Report(StoreCheckProgress value) => news.Writer.TryWrite(value);
    }
}
