using Portal.Engine.Builds.Execution.States;
using Portal.Engine.Builds.Graphs;

namespace Portal.Engine.Builds.Execution;

/// <summary>Begins the stages of a build: each once, all at the same time, held up only by what they need of each other.</summary>
internal sealed class StageScheduler : IDisposable
{
    private readonly Dictionary<int, Lazy<Task<StageState>>> _stages = [];
    private readonly CancellationTokenSource _stop;

    public StageScheduler(CancellationToken cancellationToken)
    {
        _stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
    }

    /// <summary>The result of a stage. Whoever asks for one that nobody began begins it; they need only earlier ones, so there is no circle.</summary>
    public Task<StageState> StageAsync(int index) => _stages[index].Value;

    /// <summary>Runs all stages; the result is the last one's. The first failure stops the others and is the one that is told.</summary>
    public async Task<StageState> RunAsync(BuildPlan plan, Func<BuildStage, CancellationToken, Task<StageState>> run)
    {
        Exception? first = null;
        foreach (var stage in plan.Stages)
        {
            _stages[stage.Index] = new Lazy<Task<StageState>>(() => Task.Run(() => GuardAsync(stage), CancellationToken.None));
        }

        var all = plan.Stages.Select(stage => _stages[stage.Index].Value).ToList();
        await ((Task)Task.WhenAll(all)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (first is not null)
        {
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(first);
        }

        return await all[^1].ConfigureAwait(false);

        async Task<StageState> GuardAsync(BuildStage stage)
        {
            try
            {
                return await run(stage, _stop.Token).ConfigureAwait(false);
            }
            catch (Exception failure)
            {
                Interlocked.CompareExchange(ref first, failure, null);
                await _stop.CancelAsync().ConfigureAwait(false);
                throw;
            }
        }
    }

    public void Dispose() => _stop.Dispose();
}
