using Portal.Engine.Errors;
using Portal.Engine.Images.Checking;

namespace Portal.Engine.Api.Tests.Fakes;

/// <summary>A store with one damaged blob, which mending mends; a quick check runs already.</summary>
internal sealed class FakeStoreCheck : IStoreCheck
{
    public async Task<StoreCheckReport> RunAsync(
        StoreCheckRequest request, IProgress<StoreCheckProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        if (!request.ReadContents)
        {
            throw EngineException.Conflict("The store is being checked already.");
        }

        await Task.Yield();
        var outcome = request.Mend ? StoreProblemOutcome.Mended : StoreProblemOutcome.Found;
        var problem = new StoreProblem(StoreProblemKind.DamagedContent, "sha256:0", "It is damaged.", outcome);
        progress?.Report(new StoreCheckProgress(StoreCheckPhase.Contents, 5, 10));
        progress?.Report(new StoreCheckProgress(StoreCheckPhase.Contents, 5, 10, problem));
        return new StoreCheckReport(3, 10, 2, 1, [problem], 7, request.Mend ? 7 : 0);
    }
}
