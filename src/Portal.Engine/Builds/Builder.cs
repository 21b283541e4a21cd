using System.Security.Cryptography;
using Portal.Engine.Builds.Caching;
using Portal.Engine.Builds.Contexts;
using Portal.Engine.Builds.Dockerfiles.Syntax;
using Portal.Engine.Builds.Execution;
using Portal.Engine.Builds.Execution.Mounts;
using Portal.Engine.Builds.Execution.States;
using Portal.Engine.Builds.Files;
using Portal.Engine.Builds.Graphs;
using Portal.Engine.Content;
using Portal.Engine.Errors;
using Portal.Engine.Events;
using Portal.Engine.Hosting;
using Portal.Engine.Images;
using Portal.Engine.Images.Formats;
using Portal.Engine.Images.Loading;
using Portal.Engine.Images.Store;
using Portal.Engine.Snapshots;

namespace Portal.Engine.Builds;

/// <inheritdoc cref="IBuilder"/>
internal sealed class Builder(
    EngineOptions options, BuildSources sources, StageRunner runner, BuildCache cache, CachePruner pruner, CacheLimitsFile limits,
    StepFlights flights, BaseImages bases, RunContainers containers, StepOwners owners,
    ImageAssembler assembler, ContentStore content, ContentLeases leases, UnneededBlobs unneeded, ISnapshotter snapshotter,
    IRootFolders folders, IRootFiles files,
    IEngineEvents events, TimeProvider time) : IBuilder
{
    private readonly string _folder = Path.Combine(options.DataRoot, "builds", "running");

    public async Task<ImageDetails> BuildAsync(
        BuildRequest request, Stream? context, IProgress<BuildEvent>? progress = null, CancellationToken cancellationToken = default)
    {
        // All that can be wrong with the request is found before the context is read.
        var names = request.Names.Select(ParseName).Distinct().ToList();
        await cache.LoadAsync(cancellationToken).ConfigureAwait(false);
        var id = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(6));
        var folder = Path.Combine(_folder, id);
        Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        try
        {
            var (archive, dockerfile) = await sources.OpenAsync(request, context, folder, cancellationToken).ConfigureAwait(false);
            using (archive)
            {
                var image = await BuildAsync(request, id, folder, archive, dockerfile, names, progress, cancellationToken)
                    .ConfigureAwait(false);
                await pruner.TrimAsync(cancellationToken).ConfigureAwait(false);
                return image;
            }
        }
        finally
        {
            files.RemoveFolder(folder);
        }
    }

    public IReadOnlyList<BuildCacheEntry> ListCache() => pruner.List();

    public BuildCacheLimits CacheLimits => limits.Current;

    public (IReadOnlyList<BuildCacheEntry> Entries, long Bytes) PreviewPrune(BuildCachePruning pruning)
    {
        var entries = pruner.Select(pruning);
        return (entries, CachePruner.Freed(entries));
    }

    public async Task<BuildCachePruned> PruneCacheAsync(BuildCachePruning pruning, CancellationToken cancellationToken = default)
    {
        var pruned = await pruner.PruneAsync(pruning, cancellationToken).ConfigureAwait(false);
        events.PublishPrune(EngineEventType.Builder, pruned.FreedBytes);
        return pruned;
    }

    public async Task<BuildCachePruned> SetCacheLimitsAsync(BuildCacheLimits wanted, CancellationToken cancellationToken = default)
    {
        limits.Set(wanted);
        return await pruner.TrimAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Loads the cache, so that what it holds is not collected, and removes files that a killed engine left.</summary>
    internal async Task PrepareAsync(CancellationToken cancellationToken)
    {
        await cache.LoadAsync(cancellationToken).ConfigureAwait(false);
        files.RemoveFolder(_folder);
        files.RemoveFolder(Path.Combine(options.RunRoot, "builds"));
        owners.Collect();
    }

    /// <summary>
    /// Removes containers of builds that a killed engine left, and what is beyond the cache's limits. Exits must be watched by then.
    /// </summary>
    internal async Task CollectAsync(CancellationToken cancellationToken)
    {
        await containers.CollectAsync(cancellationToken).ConfigureAwait(false);
        await pruner.TrimAsync(cancellationToken).ConfigureAwait(false);
    }

    private async Task<ImageDetails> BuildAsync(
        BuildRequest request, string id, string folder, ContextArchive context, Dockerfiles.Dockerfile dockerfile, List<string> names,
        IProgress<BuildEvent>? progress, CancellationToken cancellationToken)
    {
        var arguments =
            new BuildArguments(request.Arguments, PlatformChoice.Host, request.Platform ?? PlatformChoice.Host, request.Target);
        var plan = new BuildPlanner(dockerfile, arguments).Plan(request.Target);
        using var lease = leases.Begin();
        using var scheduler = new StageScheduler(cancellationToken);
        var roots = new BuildRoots(snapshotter, folders, files, id);
        await using (roots.ConfigureAwait(false))
        {
            var session = new BuildSession
            {
                Id = id,
                Request = request,
                Context = context,
                Dockerfile = dockerfile,
                Arguments = arguments,
                Plan = plan,
                Report = new BuildReport(progress, time) { Steps = plan.Steps },
                Roots = roots,
                Lease = lease,
                Cache = cache,
                Flights = flights,
                Folder = folder,
                StageAsync = scheduler.StageAsync,
            };
            try
            {
                await session.ImportAsync(bases, cancellationToken).ConfigureAwait(false);
                var state = await scheduler.RunAsync(plan, (stage, token) => runner.RunAsync(session, stage, token))
                    .ConfigureAwait(false);
                if (arguments.Unused is { Count: > 0 } unused)
                {
                    session.Report.Tell(
                        BuildEventKind.Warning, 0, 0, $"One or more build-args [{string.Join(' ', unused)}] were not consumed");
                }

                // No step reads any more. What was received goes before the layers are flushed, with which all of it would be written to
                // the disk: of a file that is gone the kernel drops what it has not written yet.
                context.Dispose();
                session.Release();
                return await FinishAsync(session, state, names, cancellationToken).ConfigureAwait(false);
            }
            catch (BuildException failure) when (failure.File == dockerfile.File)
            {
                failure.Excerpt = DockerfileErrors.Excerpt(dockerfile.Lines, failure.Line);
                throw;
            }
            finally
            {
                session.End();
            }
        }
    }

    private async Task<ImageDetails> FinishAsync(
        BuildSession session, StageState state, List<string> names, CancellationToken cancellationToken)
    {
        var labels = session.Request.Labels;
        if (labels.Count > 0)
        {
            var map = state.Settings.Map("Labels");
            foreach (var (name, value) in labels.OrderBy(pair => pair.Key, StringComparer.Ordinal))
            {
                map[name] = value;
            }
        }

        var bytes = state.ToConfiguration(InlineCache.IsAskedBy(session.Request));
        session.Lease.Hold(Digest.Of(bytes));
        var id = await content.WriteAsync(bytes, cancellationToken).ConfigureAwait(false);
        try
        {
            var image = new ArchivedImage(id, [.. state.Layers.Select(layer => layer.Blob)], null, names, Action: "tag");
            var made = await assembler.AssembleAsync(image, session.Lease, null, cancellationToken).ConfigureAwait(false);
            return made[^1];
        }
        catch
        {
            // Held by this build alone; once it lets go, collection removes it.
            unneeded.TryRemove(id);
            throw;
        }
    }

    private static string ParseName(string given)
    {
        var name = ImageReference.Parse(given).WithDefaultTag();
        return name.Digest is null
            ? name.ToString()
            : throw EngineException.InvalidArgument($"invalid argument \"{given}\" for the name of an image: it holds a digest");
    }
}
