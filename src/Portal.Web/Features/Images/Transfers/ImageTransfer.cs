using Portal.Contracts.Images.V1;
using Portal.Web.Features.NodeCalls;

namespace Portal.Web.Features.Images.Transfers;

/// <summary>A pull or push and how it stands. What is done already when it is stopped stays.</summary>
public sealed class ImageTransfer : BackgroundWork
{
    // A manifest names at most some hundred layers; more than this is a node's mistake.
    private const int MostItems = 1000;
    private readonly Lock _lock = new();
    private readonly Dictionary<string, TransferProgress> _items = [];
    private readonly List<string> _order = [];

    internal ImageTransfer(string owner, TransferKind kind, Guid nodeId, string image, string platform, TimeProvider time)
        : base(owner, time)
    {
        Kind = kind;
        NodeId = nodeId;
        Image = image;
        Platform = platform;
        StartedAt = time.GetUtcNow();
    }

    public TransferKind Kind { get; }

    public Guid NodeId { get; }

    public string Image { get; }

    /// <summary>What was asked for; empty for the node's own.</summary>
    public string Platform { get; }

    public DateTimeOffset StartedAt { get; }

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

        Tell();
    }

    internal void Complete(string? error)
    {
        End(Time.GetUtcNow(), error, IsStopped(error));
        Tell();
    }
}
