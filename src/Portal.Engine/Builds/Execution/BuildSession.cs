using System.Collections.Concurrent;
using Portal.Engine.Builds.Caching;
using Portal.Engine.Builds.Contexts;
using Portal.Engine.Builds.Dockerfiles;
using Portal.Engine.Builds.Execution.States;
using Portal.Engine.Builds.Graphs;
using Portal.Engine.Content;
using Portal.Engine.Errors;
using Portal.Engine.Images;

namespace Portal.Engine.Builds.Execution;

/// <summary>What all stages of one build share. Lives as long as the build.</summary>
internal sealed class BuildSession
{
    private readonly ConcurrentBag<string> _keys = [];
    private readonly ConcurrentBag<IDisposable> _owned = [];
    private readonly Dictionary<string, CacheRecord> _imported = new(StringComparer.Ordinal);

    /// <summary>12 hexadecimal digits.</summary>
    public required string Id { get; init; }

    public required BuildRequest Request { get; init; }

    public required ContextArchive Context { get; init; }

    public required Dockerfile Dockerfile { get; init; }

    public required BuildArguments Arguments { get; init; }

    public required BuildPlan Plan { get; init; }

    public required BuildReport Report { get; init; }

    public required BuildRoots Roots { get; init; }

    public required ContentLease Lease { get; init; }

    public required BuildCache Cache { get; init; }

    public required StepFlights Flights { get; init; }

    /// <summary>A folder for files that last as long as the build.</summary>
    public required string Folder { get; init; }

    /// <summary>The result of a stage; begins it when nobody has.</summary>
    public required Func<int, Task<StageState>> StageAsync { get; init; }

    public char Escape => Dockerfile.Directives.Escape;

    public ImagePlatform? Platform => Request.Platform;

    /// <summary>A result from the cache, held for this build; null where there is none, or none is wanted.</summary>
    public async Task<(CacheRecord Record, StageLayer? Layer)?> FindAsync(
        string key, ContentStore content, CancellationToken cancellationToken)
    {
        if (Request.NoCache)
        {
            return null;
        }

        var own = Cache.Find(key);
        if ((own ?? _imported.GetValueOrDefault(key)) is not { } record)
        {
            return null;
        }

        if (own is not null)
        {
            Use(key);
        }

        if (!Digest.TryParse(record.ChainId, out var chainId) || !Digest.TryParse(record.DiffId, out var diffId))
        {
            return (record, null);
        }

        await Lease.HoldLayersAsync([chainId], cancellationToken).ConfigureAwait(false);
        if (content.FindBlob(diffId) is not { } blob)
        {
            return null;
        }

        // Pruned between the look and the hold: then it is no hit.
        Lease.Hold(blob);
        return own is not null && Cache.Find(key) is null ? null : (record, new StageLayer(diffId, chainId, blob));
    }

    /// <summary>Reads the caches of images that the request names. One that can't be had is told and left out.</summary>
    public async Task ImportAsync(BaseImages images, CancellationToken cancellationToken)
    {
        foreach (var name in Request.CacheFrom)
        {
            try
            {
                var records = await images.ReadCacheAsync(this, name, cancellationToken).ConfigureAwait(false);
                foreach (var record in records)
                {
                    _imported.TryAdd(record.Key, record);
                }

                Report.Tell(
                    records.Count > 0 ? BuildEventKind.Note : BuildEventKind.Warning, 0, 0,
                    records.Count > 0
                        ? $"Using the cache of {name}"
                        : $"'{name}' carries no cache: build it with --build-arg {InlineCache.Argument}=1");
            }
            catch (EngineException failure)
            {
                Report.Tell(BuildEventKind.Warning, 0, 0, $"the cache of '{name}' can't be used: {failure.Message}");
            }
        }
    }

    /// <summary>Waits while another build runs the same step: <see cref="FindAsync"/> finds its result then.</summary>
    public async Task<IDisposable?> EnterAsync(StageContext step, string key, CancellationToken cancellationToken)
    {
        return Request.NoCache
            ? null
            : await Flights.EnterAsync(
                key, () => step.Tell(BuildEventKind.Note, "Waiting for the same step of another build"), cancellationToken)
                .ConfigureAwait(false);
    }

    public async Task KeepAsync(CacheRecord record, CancellationToken cancellationToken)
    {
        await Cache.PutAsync(record, cancellationToken).ConfigureAwait(false);
        Use(record.Key);
    }

    /// <summary>Takes something that lasts as long as the build.</summary>
    public void Own(IDisposable thing) => _owned.Add(thing);

    /// <summary>Lets go of what the build owns, once no step needs it.</summary>
    public void Release()
    {
        while (_owned.TryTake(out var thing))
        {
            thing.Dispose();
        }
    }

    /// <summary>Lets go of the cache's records, and of what the build owns.</summary>
    public void End()
    {
        Release();
        foreach (var key in _keys)
        {
            Cache.End(key);
        }
    }

    private void Use(string key)
    {
        Cache.Begin(key);
        _keys.Add(key);
    }
}
