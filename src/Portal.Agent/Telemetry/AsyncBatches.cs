using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace Portal.Agent.Telemetry;

/// <summary>Gathers items into batches.</summary>
internal static class AsyncBatches
{
    /// <summary>The first item at once begins a batch; what comes within the window joins it, up to a number.</summary>
    public static async IAsyncEnumerable<IReadOnlyList<T>> InBatchesAsync<T>(
        this IAsyncEnumerable<T> items,
        int largest,
        TimeSpan window,
        TimeProvider time,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var queue = Channel.CreateBounded<T>(new BoundedChannelOptions(largest) { SingleReader = true, SingleWriter = true });
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var filling = FillAsync(items, queue.Writer, stopping.Token);
        try
        {
            while (await queue.Reader.WaitToReadAsync(cancellationToken).ConfigureAwait(false))
            {
                await Task.Delay(window, time, cancellationToken).ConfigureAwait(false);
                var batch = new List<T>();
                while (batch.Count < largest && queue.Reader.TryRead(out var item))
                {
                    batch.Add(item);
                }

                yield return batch;
            }
        }
        finally
        {
            await stopping.CancelAsync().ConfigureAwait(false);
            await filling.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static async Task FillAsync<T>(
        IAsyncEnumerable<T> items, ChannelWriter<T> queue, CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var item in items.WithCancellation(cancellationToken).ConfigureAwait(false))
            {
                await queue.WriteAsync(item, cancellationToken).ConfigureAwait(false);
            }

            queue.TryComplete();
        }
        catch (Exception failure)
        {
            // The reader of the batches gets it.
            queue.TryComplete(failure);
        }
    }
}
