using System.Collections.Concurrent;
using Portal.Web.Features.Stacks.Sources;

namespace Portal.Web.Tests.Features.Webhooks;

/// <summary>Repositories of stacks that a test sets; a stack that was not set has none.</summary>
internal sealed class FakeStackSources : IStackSources
{
    public ConcurrentDictionary<Guid, Func<StackRefresh>> Answers { get; } = new();

    public ConcurrentQueue<(Guid StackId, string Text)> Asked { get; } = new();

    /// <summary>Where set, whoever asks waits for it.</summary>
    public TaskCompletionSource? Gate { get; set; }

    public async Task<StackRefresh> RefreshAsync(Guid stackId, StackRefreshReason reason, CancellationToken cancellationToken)
    {
        Asked.Enqueue((stackId, reason.Text));
        if (Gate is { } gate)
        {
            await gate.Task.WaitAsync(cancellationToken);
        }

        return Answers.TryGetValue(stackId, out var answer) ? answer()
            : new StackRefresh(StackRefreshOutcome.NoSource, "", 1, "It has no source.");
    }
}
