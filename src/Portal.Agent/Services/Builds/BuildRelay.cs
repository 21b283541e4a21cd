using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Portal.Contracts.Builds.V1;
using Portal.Engine.Builds;
using Portal.Engine.Images;

namespace Portal.Agent.Services.Builds;

/// <summary>
/// Carries what a build tells to a reader. Nothing is lost but steps of a transfer that others overtake: a reader that lags holds the
/// build up, as its output is wanted whole and is not kept here.
/// </summary>
/// <remarks>One for each build; told by one thread at a time, read by one.</remarks>
internal sealed class BuildRelay(TimeProvider time) : IProgress<BuildEvent>
{
    private const int MostWaiting = 1024;
    private static readonly TimeSpan s_between = TimeSpan.FromMilliseconds(100);
    private readonly Dictionary<(int Step, string Item), (TransferPhase Phase, long At)> _transfers = [];
    private readonly Channel<BuildImageResponse> _events = Channel.CreateBounded<BuildImageResponse>(
        new BoundedChannelOptions(MostWaiting) { SingleReader = true, FullMode = BoundedChannelFullMode.Wait });

    public void Report(BuildEvent value)
    {
        if (value.Transfer is { } transfer && !IsNews(value.Step, transfer))
        {
            return;
        }

        foreach (var message in BuildMapping.ToEvents(value))
        {
            while (!_events.Writer.TryWrite(message))
            {
                // The build's own thread waits for the reader; once that is gone the channel is closed.
                if (!_events.Writer.WaitToWriteAsync().AsTask().GetAwaiter().GetResult())
                {
                    return;
                }
            }
        }
    }

    /// <summary>What is told until the build has ended.</summary>
    public async IAsyncEnumerable<BuildImageResponse> ReadAsync(
        Task build, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        _ = build.ContinueWith(_ => Close(), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        await foreach (var message in _events.Reader.ReadAllAsync(cancellationToken).ConfigureAwait(false))
        {
            yield return message;
        }
    }

    /// <summary>Nobody reads any more: what is told from now on is dropped.</summary>
    public void Close() => _events.Writer.TryComplete();

    private bool IsNews(int step, TransferProgress transfer)
    {
        var now = time.GetTimestamp();
        var key = (step, transfer.Item);
        if (_transfers.TryGetValue(key, out var last) && last.Phase == transfer.Phase && time.GetElapsedTime(last.At, now) < s_between)
        {
            return false;
        }

        _transfers[key] = (transfer.Phase, now);
        return true;
    }
}
