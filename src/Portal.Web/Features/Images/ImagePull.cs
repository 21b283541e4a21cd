using Portal.Contracts.Images.V1;

namespace Portal.Web.Features.Images;

/// <summary>A pull and how it stands.</summary>
/// <remarks>Any thread; <see cref="Changed"/> is raised on whichever thread brought the news.</remarks>
public sealed class ImagePull : IDisposable
{
    private readonly CancellationTokenSource _cancellation = new();
    private readonly Lock _lock = new();
    private readonly Dictionary<string, TransferProgress> _items = [];
    private readonly List<string> _order = [];
    private readonly TimeProvider _time;

    internal ImagePull(string owner, Guid nodeId, string image, TimeProvider time)
    {
        _time = time;
        Owner = owner;
        NodeId = nodeId;
        Image = image;
        StartedAt = time.GetUtcNow();
    }

    /// <summary>Something has changed.</summary>
    public event Action? Changed;

    public Guid Id { get; } = Guid.NewGuid();

    public Guid NodeId { get; }

    public string Image { get; }

    public DateTimeOffset StartedAt { get; }

    /// <summary>Null while it runs.</summary>
    public DateTimeOffset? EndedAt { get; private set; }

    /// <summary>Why it failed, for the user; null when it did not.</summary>
    public string? Error { get; private set; }

    /// <summary>Its parts in the order in which they became known.</summary>
    public IReadOnlyList<TransferProgress> Items
    {
        get
        {
            lock (_lock)
            {
                return [.. _order.Select(item => _items[item])];
            }
        }
    }

    internal string Owner { get; }

    internal CancellationToken Cancellation => _cancellation.Token;

    /// <summary>Stops it.</summary>
    public void Cancel() => _cancellation.Cancel();

    public void Dispose() => _cancellation.Dispose();

    internal void Report(TransferProgress progress)
    {
        lock (_lock)
        {
            if (!_items.ContainsKey(progress.Item))
            {
                _order.Add(progress.Item);
            }

            _items[progress.Item] = progress;
        }

        Changed?.Invoke();
    }

    internal void Complete(string? error)
    {
        Error = error;
        EndedAt = _time.GetUtcNow();
        Changed?.Invoke();
    }
}
