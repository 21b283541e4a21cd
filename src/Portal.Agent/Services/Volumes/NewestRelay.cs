using System.Threading.Channels;

namespace Portal.Agent.Services.Volumes;

/// <summary>Carries news to a slower reader, who gets the newest only. One for each call.</summary>
internal sealed class NewestRelay<T> : IProgress<T>
{
    private readonly Channel<T> _news = Channel.CreateBounded<T>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropOldest });

    public void Report(T value) => _news.Writer.TryWrite(value);

    /// <summary>Hands news on until the work has ended, and waits for it; what handing on threw counts before what the work did.</summary>
    public async Task<TResult> RelayAsync<TResult>(Task<TResult> work, Func<T, Task> send, CancellationToken cancellationToken)
    {
        _ = work.ContinueWith(_ => _news.Writer.TryComplete(), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        try
        {
            await foreach (var value in _news.Reader.ReadAllAsync(cancellationToken).ConfigureAwait(false))
            {
                await send(value).ConfigureAwait(false);
            }
        }
        finally
        {
            // The call must not end before what works for it.
            await ((Task)work).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        return await work.ConfigureAwait(false);
    }
}
