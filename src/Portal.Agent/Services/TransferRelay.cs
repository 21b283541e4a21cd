using System.Runtime.CompilerServices;
using Portal.Engine.Images;

namespace Portal.Agent.Services;

/// <summary>
/// Carries progress from a transfer to a slower reader: only the newest of each part is kept, so a reader that lags costs nothing and
/// misses only what has been overtaken.
/// </summary>
/// <remarks>One for each transfer; reported to from any thread, read by one.</remarks>
internal sealed class TransferRelay : IProgress<TransferProgress>
{
    private readonly Lock _lock = new();
    private TaskCompletionSource _news = NewSignal();
    private List<string> _order = [];
    private Dictionary<string, TransferProgress> _newest = new(StringComparer.Ordinal);

    public void Report(TransferProgress value)
    {
        lock (_lock)
        {
            if (!_newest.ContainsKey(value.Item))
            {
                _order.Add(value.Item);
            }

            _newest[value.Item] = value;
            _news.TrySetResult();
        }
    }

    /// <summary>News until the transfer has ended, then what is left.</summary>
    public async IAsyncEnumerable<TransferProgress> ReadAsync(
        Task transfer, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        while (!transfer.IsCompleted)
        {
            await Task.WhenAny(transfer, NextNews()).WaitAsync(cancellationToken).ConfigureAwait(false);
            foreach (var progress in Take())
            {
                yield return progress;
            }
        }

        foreach (var progress in Take())
        {
            yield return progress;
        }
    }

    private Task NextNews()
    {
        lock (_lock)
        {
            return _news.Task;
        }
    }

    private List<TransferProgress> Take()
    {
        lock (_lock)
        {
            var taken = _order.ConvertAll(item => _newest[item]);
            _order = [];
            _news = NewSignal();
            _newest = new Dictionary<string, TransferProgress>(StringComparer.Ordinal);
            return taken;
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
