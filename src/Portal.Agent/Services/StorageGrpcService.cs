using System.Threading.Channels;
using Grpc.Core;
using Portal.Contracts.Storage.V1;
using Portal.Engine.Images.Checking;
using StoreProblemMessage = Portal.Contracts.Storage.V1.StoreProblem;

namespace Portal.Agent.Services;

internal sealed class StorageGrpcService(IStoreCheck check) : StorageService.StorageServiceBase
{
    public override async Task CheckStore(
        CheckStoreRequest request, IServerStreamWriter<CheckStoreResponse> responseStream, ServerCallContext context)
    {
        // Progress comes every 100 ms at most, and a problem is few bytes: what may wait here is bounded by what is wrong.
        var news = Channel.CreateUnbounded<StoreCheckProgress>(new UnboundedChannelOptions { SingleReader = true });
        var checking = RunAsync(request, news, context.CancellationToken);
        try
        {
            await foreach (var step in news.Reader.ReadAllAsync(context.CancellationToken).ConfigureAwait(false))
            {
                await responseStream.WriteAsync(Map(step), context.CancellationToken).ConfigureAwait(false);
            }
        }
        finally
        {
            await ((Task)checking).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        var report = await checking.ConfigureAwait(false);
        await responseStream.WriteAsync(new CheckStoreResponse { Report = Map(report) }, context.CancellationToken).ConfigureAwait(false);
    }

    private async Task<StoreCheckReport> RunAsync(
        CheckStoreRequest request, Channel<StoreCheckProgress> news, CancellationToken cancellationToken)
    {
        try
        {
            var asked = new StoreCheckRequest { Mend = request.Mend, ReadContents = !request.Quick };
            return await check.RunAsync(asked, new Relay(news), cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            news.Writer.Complete();
        }
    }

    // The contract's values are the engine's plus one, because 0 means unset there.
    private static CheckStoreResponse Map(StoreCheckProgress step) => step.Problem is { } problem
        ? new CheckStoreResponse
        {
            Problem = new StoreProblemMessage
            {
                Kind = (Contracts.Storage.V1.StoreProblemKind)((int)problem.Kind + 1),
                Subject = problem.Subject,
                Message = problem.Message,
                Outcome = (Contracts.Storage.V1.StoreProblemOutcome)((int)problem.Outcome + 1),
            },
        }
        : new CheckStoreResponse
        {
            Progress = new CheckProgress { Phase = (CheckPhase)((int)step.Phase + 1), Current = step.Current, Total = step.Total },
        };

    private static CheckReport Map(StoreCheckReport report) => new()
    {
        Blobs = report.Blobs,
        Bytes = report.Bytes,
        Layers = report.Layers,
        Images = report.Images,
        UnusedBytes = report.UnusedBytes,
        FreedBytes = report.FreedBytes,
        IsSound = report.IsSound,
    };

    private sealed class Relay(Channel<StoreCheckProgress> news) : IProgress<StoreCheckProgress>
    {
        public void Report(StoreCheckProgress value) => news.Writer.TryWrite(value);
    }
}
