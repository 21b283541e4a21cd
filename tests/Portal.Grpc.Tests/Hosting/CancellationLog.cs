using System.Collections.Concurrent;
using Portal.Testing;

namespace Portal.Grpc.Tests.Hosting;

/// <summary>Which waiting calls began and ended.</summary>
internal sealed class CancellationLog
{
    private readonly ConcurrentDictionary<string, int> _counts = new();
    private readonly ConcurrentDictionary<string, TaskCompletionSource> _begun = new();

    public void Add(string id) => _counts.AddOrUpdate(id, 1, (_, n) => n + 1);

    public int Count(string id) => _counts.GetValueOrDefault(id);

    public void Begin(string id) => Beginning(id).TrySetResult();

    /// <summary>Waits until the server has the call: one that ends before would never be seen to end.</summary>
    public Task BegunAsync(string id) => Beginning(id).Task.WaitAsync(TestSettings.Within(TimeSpan.FromSeconds(20)));

    public async Task WaitAsync(string id)
    {
        using var limit = new CancellationTokenSource(TestSettings.Within(TimeSpan.FromSeconds(20)));
        while (Count(id) == 0)
        {
            await Task.Delay(10, limit.Token);
        }
    }

    private TaskCompletionSource Beginning(string id) =>
        _begun.GetOrAdd(id, _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
}
