using Portal.Contracts.Images.V1;

namespace Portal.Web.Features.Images.Transfers;

/// <summary>A pull or push and how it stands.</summary>
/// <remarks>Any thread; <see cref="Changed"/> is raised on whichever thread brought the news.</remarks>
public sealed class ImageTransfer : IDisposable
{
    // A manifest names at most some hundred layers; more than this is a node's mistake.
    private const int MostItems = 1000;
    private readonly CancellationTokenSource _cancellation = new();
    private readonly Lock _lock = new();
    private readonly Dictionary<string, TransferProgress> _items = [];
    private readonly List<string> _order = [];
    private readonly TimeProvider _time;

    internal ImageTransfer(string owner, TransferKind kind, Guid nodeId, string image, string platform, TimeProvider time)
    {
        _time = time;
        Owner = owner;
        Kind = kind;
        NodeId = nodeId;
        Image = image;
        Platform = platform;
        StartedAt = time.GetUtcNow();
    }

    /// <summary>Something has changed.</summary>
    public event Action? Changed;

    public Guid Id { get; } = Guid.NewGuid();

    public TransferKind Kind { get; }

    public Guid NodeId { get; }

    public string Image { get; }

    /// <summary>What was asked for; empty for the node's own.</summary>
    public string Platform { get; }

    public DateTimeOffset StartedAt { get; }

    /// <summary>Null while it runs.</summary>
    public DateTimeOffset? EndedAt { get; private set; }

    /// <summary>Why it failed, for the user; null when it did not.</summary>
    public string? Error { get; private set; }

    /// <summary>True when somebody stopped it.</summary>
    public bool Cancelled { get; private set; }

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

    /// <summary>Stops it. What is done already stays.</summary>
    public void Cancel()
    {
        if (EndedAt is null)
        {
            _cancellation.Cancel();
        }
    }

    public void Dispose() => _cancellation.Dispose();

    internal void Report(TransferProgress progress)
    {
        lock (_lock)
        {
            if (!_items.ContainsKey(progress.Item))
            {
                if (_order.Count >= MostItems)
                {
                    return;
                }

                _order.Add(progress.Item);
            }

            _items[progress.Item] = progress;
        }

        Changed?.Invoke();
    }

    internal void Complete(string? error)
    {
        Cancelled = error is not null && _cancellation.IsCancellationRequested;
        Error = Cancelled ? null : error;
        EndedAt = _time.GetUtcNow();
        Changed?.Invoke();
    }
}
