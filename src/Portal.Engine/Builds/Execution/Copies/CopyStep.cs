using Portal.Engine.Archives;
using Portal.Engine.Builds.Caching;
using Portal.Engine.Builds.Contexts.Matching;
using Portal.Engine.Builds.Dockerfiles.Expansion;
using Portal.Engine.Builds.Dockerfiles.Instructions;
using Portal.Engine.Builds.Dockerfiles.Syntax;
using Portal.Engine.Builds.Files;
using Portal.Engine.Content;

namespace Portal.Engine.Builds.Execution.Copies;

/// <summary><c>COPY</c>, <c>ADD</c>, and the folder of <c>WORKDIR</c>.</summary>
internal sealed class CopyStep(
    CopyLayers layers, AddedSources added, BaseImages images, IRootFiles files, ContentStore content, TimeProvider time)
{
    public async Task RunAsync(StageContext step, CopyInstruction instruction, CancellationToken cancellationToken)
    {
        var options = await OptionsAsync(step, instruction, cancellationToken).ConfigureAwait(false);
        var groups = await SourcesAsync(step, instruction, options, cancellationToken).ConfigureAwait(false);
        var count = groups.Sum(group => group.Sources.Count);
        if (count > 1 && !options.IsFolder && !instruction.Parents)
        {
            throw new DockerfileSyntaxException(
                $"When using {instruction.Name} with more than one source file, the destination must be a directory and end with a /");
        }

        var digest = Digest(groups);
        using var key = new CacheKey("copy");
        key.Add(instruction.Link ? "link" : step.State.ChainId?.ToString()).Add(options.Destination).Add(digest)
            .Add(options.Owner?.ToString());
        var kinds = groups.SelectMany(group => group.Sources).ToList();
        var kind = kinds.Count != 1 ? "multi" : kinds[0].IsFolder && !groups[0].IsUnpacked ? "dir" : "file";
        var owner = instruction.Chown is { } chown ? $"--chown={chown} " : "";
        var text = $"#(nop) {instruction.Name} {owner}{kind}:{digest} in {step.Expand(instruction.Destination)} ";
        await MakeAsync(step, key.Finish(), text, StageContext.Describe(instruction), instruction.Link, cancellationToken, below =>
        {
            var items = new SortedDictionary<string, CopyItem>(StringComparer.Ordinal);
            foreach (var group in groups)
            {
                var layout = new CopyLayout(below, group.Options, time.GetUtcNow());
                layout.Add(group.Sources);
                foreach (var item in layout.Items)
                {
                    Merge(items, item);
                }
            }

            return items.Values;
        }).ConfigureAwait(false);
    }

    /// <summary>Makes the folder of a <c>WORKDIR</c> where it is missing.</summary>
    public Task MakeFolderAsync(StageContext step, string path, string description, CancellationToken cancellationToken)
    {
        using var key = new CacheKey("workdir");
        key.Add(step.State.ChainId?.ToString()).Add(path);
        return MakeAsync(step, key.Finish(), $"#(nop) WORKDIR {path}", description, false, cancellationToken, below =>
        {
            var layout = new CopyLayout(below, new CopyOptions { Destination = path }, time.GetUtcNow());
            layout.AddFolder(path);
            return layout.Items;
        });
    }

    private async Task MakeAsync(
        StageContext step, string key, string text, string description, bool isFree, CancellationToken cancellationToken,
        Func<IFileTree?, IEnumerable<CopyItem>> arrange)
    {
        var (session, state) = (step.Session, step.State);
        var history = string.Join(' ', [.. state.Settings.Shell, text]);
        using var seat = await session.EnterAsync(step, key, cancellationToken).ConfigureAwait(false);
        if (await session.FindAsync(key, content, cancellationToken).ConfigureAwait(false) is { } hit)
        {
            // A layer that depends on nothing below it may be wanted on top of others than it was made for.
            var cached = hit.Layer is null || hit.Layer.ChainId == Content.Digest.Chain(state.ChainId, hit.Layer.DiffId)
                ? hit.Layer
                : await layers.InstallAsync(hit.Layer.DiffId, state.ChainId, session.Lease, cancellationToken).ConfigureAwait(false);
            step.Tell(BuildEventKind.Cached, "");
            state.Add(history, hit.Record, cached);
            return;
        }

        var below = isFree ? null : (await session.Roots.OpenAsync(state.ChainId, cancellationToken).ConfigureAwait(false)).Tree;
        var layer = await layers.MakeAsync(arrange(below), state.ChainId, session.Lease, cancellationToken).ConfigureAwait(false);
        var record = new CacheRecord
        {
            Key = key,
            Parent = state.LastKey,
            Description = description,
            Created = time.GetUtcNow(),
            DiffId = layer?.DiffId.ToString(),
            ChainId = layer?.ChainId.ToString(),
            Size = layer is null ? 0 : layers.SizeOf(layer),
        };
        await session.KeepAsync(record, cancellationToken).ConfigureAwait(false);
        state.Add(history, record, layer);
    }

    private async Task<CopyOptions> OptionsAsync(StageContext step, CopyInstruction instruction, CancellationToken cancellationToken)
    {
        var given = step.Expand(instruction.Destination);
        var isFolder = given.EndsWith('/') || given is "." || given.EndsWith("/.", StringComparison.Ordinal);
        var absolute = GoPath.Clean(given.StartsWith('/') ? given : $"/{step.State.Settings.WorkingDirectory}/{given}");
        (uint, uint)? owner = instruction.From is null ? (0, 0) : null;
        if (instruction.Chown is { } chown)
        {
            var root = await step.Session.Roots.OpenAsync(step.State.ChainId, cancellationToken).ConfigureAwait(false);
            owner = files.FindOwner(root.Path, step.Expand(chown));
        }

        return new CopyOptions
        {
            Destination = isFolder && absolute != "/" ? absolute + "/" : absolute,
            Owner = owner,
            Mode = instruction.Chmod is { } chmod ? FileMode.Parse(step.Expand(chmod)) : null,
            Excludes = IgnoreFile.Of(instruction.Excludes.Select(step.Expand)),
        };
    }

    private async Task<IReadOnlyList<CopyGroup>> SourcesAsync(
        StageContext step, CopyInstruction instruction, CopyOptions options, CancellationToken cancellationToken)
    {
        var groups = new List<CopyGroup>();
        var tree = await TreeAsync(step, instruction, cancellationToken).ConfigureAwait(false);
        foreach (var source in instruction.Sources.Select(step.Expand))
        {
            if (instruction.IsAdd)
            {
                groups.AddRange(await added.FindAsync(step, instruction, tree, source, options, cancellationToken).ConfigureAwait(false));
            }
            else
            {
                groups.Add(new CopyGroup(SourceFinder.Find(tree, source, instruction.Parents), options));
            }
        }

        if (instruction.HereDocuments.Count > 0)
        {
            var variables = step.State.Variables();
            var documents = new MemoryTree(instruction.HereDocuments.GroupBy(document => document.Name).ToDictionary(
                group => group.Key,
                group => TreePaths.Bytes(group.Last().Expand
                    ? VariableExpander.ExpandDocument(group.Last().Content, step.Session.Escape, variables)
                    : group.Last().Content)));
            groups.Add(new CopyGroup(
                [.. instruction.HereDocuments.Select(document => new CopySource(documents, documents.Find(document.Name)!,
                document.Name, null))],
                options));
        }

        return groups;
    }

    private async Task<IFileTree> TreeAsync(StageContext step, CopyInstruction instruction, CancellationToken cancellationToken)
    {
        if (instruction.From is not { } from)
        {
            return step.Session.Context;
        }

        var state = step.Session.Plan.Names.TryGetValue(from, out var stage) && stage < step.Stage.Index
            ? await step.Session.StageAsync(stage).ConfigureAwait(false)
            : await images.OpenAsync(step.Session, from, null, step.Step, step.Stage.Index, cancellationToken).ConfigureAwait(false);
        return (await step.Session.Roots.OpenAsync(state.ChainId, cancellationToken).ConfigureAwait(false)).Tree;
    }

    private static string Digest(IReadOnlyList<CopyGroup> groups)
    {
        using var key = new CacheKey("groups");
        foreach (var group in groups)
        {
            key.Add(group.Options.Owner?.ToString()).Add(CopyDigest.Of(group.Sources, group.Options));
        }

        return key.Finish();
    }

    private static void Merge(SortedDictionary<string, CopyItem> items, CopyItem item)
    {
        var path = TreePaths.Of(item.Entry);

        // What a source brings goes before a folder that another only passes through.
        if (!items.TryGetValue(path, out var present) || item.Source is not null || present.Source is null)
        {
            items[path] = present is { Entry.Kind: var kind } && kind == TarEntryKind.Folder != (item.Entry.Kind == TarEntryKind.Folder)
                ? throw Errors.EngineException.InvalidArgument($"cannot copy a file and a directory to /{path}")
                : item;
        }
    }
}
