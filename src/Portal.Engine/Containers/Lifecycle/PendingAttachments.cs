using Portal.Engine.Runtime;

namespace Portal.Engine.Containers.Lifecycle;

/// <summary>Clients that attached to a container before it was started, and are connected between its making and its first byte.</summary>
internal sealed class PendingAttachments
{
    private readonly Lock _lock = new();
    private readonly List<PendingStreams> _waiting = [];

    public PendingStreams Add(bool terminal)
    {
        var streams = new PendingStreams(terminal, Remove);
        lock (_lock)
        {
            _waiting.Add(streams);
        }

        return streams;
    }

    /// <summary>Connects all who wait.</summary>
    public async Task ConnectAsync(Func<Task<IProcessStreams>> attach)
    {
        foreach (var streams in Take())
        {
            await streams.ConnectAsync(await attach().ConfigureAwait(false)).ConfigureAwait(false);
        }
    }

    /// <summary>Ends all who wait: there will be no start.</summary>
    public void Abandon()
    {
        foreach (var streams in Take())
        {
            streams.Abandon();
        }
    }

    private PendingStreams[] Take()
    {
        lock (_lock)
        {
            PendingStreams[] taken = [.. _waiting];
            _waiting.Clear();
            return taken;
        }
    }

    private void Remove(PendingStreams streams)
    {
        lock (_lock)
        {
            _waiting.Remove(streams);
        }
    }
}
