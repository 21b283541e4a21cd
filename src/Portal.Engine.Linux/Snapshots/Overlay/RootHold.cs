using Portal.Engine.Runtime.Namespaces;

namespace Portal.Engine.Linux.Snapshots.Overlay;

/// <summary>Keeps a root mounted until it is disposed, whoever else mounts and unmounts it meanwhile.</summary>
internal sealed class RootHold(string path, IdMapping? ids, Func<ValueTask> release) : IAsyncDisposable
{
    private Func<ValueTask>? _release = release;

    /// <summary>Where the root is mounted.</summary>
    public string Path { get; } = path;

    /// <summary>Whom it shows as owners; null for those that the disk has.</summary>
    public IdMapping? Ids { get; } = ids;

    public ValueTask DisposeAsync() => Interlocked.Exchange(ref _release, null)?.Invoke() ?? ValueTask.CompletedTask;
}
