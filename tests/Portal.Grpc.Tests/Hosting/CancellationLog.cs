using System.Collections.Concurrent;

namespace Portal.Grpc.Tests.Hosting;

/// <summary>Which waiting calls ended.</summary>
internal sealed class CancellationLog
{
    private readonly ConcurrentDictionary<string, int> _counts = new();

    public void Add(string id) => _counts.AddOrUpdate(id, 1, (_, n) => n + 1);

    public int Count(string id) => _counts.GetValueOrDefault(id);

    public async Task WaitAsync(string id)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (Count(id) == 0)
        {
            await Task.Delay(10, limit.Token);
        }
    }
}
