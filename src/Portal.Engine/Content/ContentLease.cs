using System.Collections.Concurrent;

namespace Portal.Engine.Content;

/// <summary>Holds blobs and layers against collection until it is disposed. Hold first, then look whether the thing is there.</summary>
internal sealed class ContentLease(ContentLeases leases) : IDisposable
{
    private readonly ConcurrentBag<Digest> _digests = [];

    public void Hold(Digest digest)
    {
        leases.Add(digest);
        _digests.Add(digest);
    }

    /// <summary>Holds layers by chain id; waits while a collection of layers runs.</summary>
    public Task HoldLayersAsync(IEnumerable<Digest> chainIds, CancellationToken cancellationToken) =>
        leases.HoldLayersAsync(chainIds, Hold, cancellationToken);

    public void Dispose() => leases.Remove(_digests);
}
