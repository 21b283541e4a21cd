using System.Threading.Channels;

namespace Portal.Engine.Logs;

/// <summary>Wakes one waiter. A signal that comes while nobody waits is kept, however often it comes, once.</summary>
internal sealed class LogSignal
{
    private readonly Channel<bool> _channel = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });

    public void Set() => _channel.Writer.TryWrite(true);

    public ValueTask<bool> WaitAsync(CancellationToken cancellationToken) => _channel.Reader.ReadAsync(cancellationToken);
}
