using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Portal.Engine.Containers.Lifecycle;
using Portal.Engine.Content;
using Portal.Engine.Errors;
using Portal.Engine.Images;
using Portal.Engine.Images.Committing;
using Portal.Engine.Images.Formats;
using Portal.Engine.Images.Loading;
using Portal.Engine.Images.Store;
using Portal.Engine.Runtime;

namespace Portal.Engine.Containers.Committing;

/// <inheritdoc cref="IContainerCommits"/>
internal sealed class ContainerCommitter(
    ContainerRegistry registry, IContainerRuntime runtime, ContainerEvents events, ImageStore store, ContentStore content,
    ContentLeases leases, HeldImages held, UnneededBlobs unneeded, LayerCommits layers, ImageAssembler assembler,
    TimeProvider time) : IContainerCommits
{
    private static readonly string[] s_platform = ["architecture", "os", "variant", "os.version", "os.features"];

    public async Task<ImageDetails> CommitAsync(ContainerCommit request, CancellationToken cancellationToken = default)
    {
        // All that can be wrong with the request is found before the container is touched.
        var container = registry.Get(request.Container);
        var name = NameOf(request);
        var config = CommitConfig.Make(container.Spec, request);
        var parent = store.Index.Images.GetValueOrDefault(container.Config.ImageId)
            ?? throw EngineException.NotFound(
                $"The image {container.Config.ImageId} of container {container.Id} is gone. Pull or load it again.");
        var used = new List<Digest>();
        try
        {
            using var lease = leases.Begin();
            var blobs = await HoldAsync(parent, lease, cancellationToken).ConfigureAwait(false);
            var written = await WriteAsync(container, request.Pause, lease, cancellationToken).ConfigureAwait(false);
            used.Add(written.DiffId);
            if (written.Diff.Entries > 0)
            {
                var chain = parent.Layers.Count == 0 ? null : (Digest?)Digest.Parse(parent.Layers[^1].ChainId, "a layer");
                await layers.InstallAsync(written, chain, lease, cancellationToken).ConfigureAwait(false);
                blobs.Add(written.DiffId);
            }

            var configuration = await ConfigureAsync(container, parent, request, config, written, cancellationToken).ConfigureAwait(false);
            lease.Hold(Digest.Of(configuration));
            var id = await content.WriteAsync(configuration, cancellationToken).ConfigureAwait(false);
            used.Add(id);
            var image = new ArchivedImage(id, blobs, null, name is null ? [] : [name.ToString()], Action: name is null ? "create" : "tag");
            var made = (await assembler.AssembleAsync(image, lease, null, cancellationToken).ConfigureAwait(false))[^1];
            Tell(container, request, made, name);
            return made;
        }
        finally
        {
            used.ForEach(digest => unneeded.TryRemove(digest));
        }
    }

    private static ImageReference? NameOf(ContainerCommit request)
    {
        var name = string.IsNullOrEmpty(request.Name) ? null : ImageReference.Parse(request.Name).WithDefaultTag();
        return name?.Digest is null
            ? name
            : throw EngineException.InvalidArgument($"'{request.Name}' can't be given as a name, because it holds a digest.");
    }

    private async Task<List<Digest>> HoldAsync(ImageRecord parent, ContentLease lease, CancellationToken cancellationToken)
    {
        await lease.HoldLayersAsync(parent.Layers.Select(layer => Digest.Parse(layer.ChainId, "a layer")), cancellationToken)
            .ConfigureAwait(false);
        return held.HoldWhole(parent, lease).Layers.Select(layer => Digest.Parse(layer.Blob, "a layer")).ToList();
    }

    /// <summary>Reads the files, of a running container while nothing in it moves.</summary>
    private async Task<WrittenLayer> WriteAsync(
        Container container, bool pause, ContentLease lease, CancellationToken cancellationToken)
    {
        if (!pause || container.Record.State != ContainerState.Running)
        {
            return await layers.WriteAsync(container.Id, lease, wasRun: true, cancellationToken).ConfigureAwait(false);
        }

        using (await container.LockAsync(cancellationToken).ConfigureAwait(false))
        {
            if (container.Record.State != ContainerState.Running)
            {
                return await layers.WriteAsync(container.Id, lease, wasRun: true, cancellationToken).ConfigureAwait(false);
            }

            await FreezeAsync(container, cancellationToken).ConfigureAwait(false);
            try
            {
                return await layers.WriteAsync(container.Id, lease, wasRun: true, cancellationToken).ConfigureAwait(false);
            }
            finally
            {
                await runtime.ResumeAsync(container.Id, CancellationToken.None).ConfigureAwait(false);
                Thawed(container);
                events.Publish(container, "unpause");
            }
        }
    }

    private async Task FreezeAsync(Container container, CancellationToken cancellationToken)
    {
        // Written down first: an engine that is killed in the middle must not leave it frozen.
        container.Change(container.Record with { State = ContainerState.Paused, PausedForCommit = true });
        try
        {
            await runtime.PauseAsync(container.Id, cancellationToken).ConfigureAwait(false);
            events.Publish(container, "pause");
        }
        catch
        {
            Thawed(container);
            throw;
        }
    }

    private static void Thawed(Container container) =>
        container.Change(container.Record with { State = ContainerState.Running, PausedForCommit = false });

    private async Task<byte[]> ConfigureAsync(
        Container container, ImageRecord parent, ContainerCommit request, JsonObject config, WrittenLayer written,
        CancellationToken cancellationToken)
    {
        var bytes = await content.ReadAsync(Digest.Parse(parent.Id, "an image"), FormatJson.MaxBytes, cancellationToken)
            .ConfigureAwait(false);
        ImageConfiguration.Read(bytes);
        var old = (JsonObject)JsonNode.Parse(bytes)!;
        var created = time.GetUtcNow().ToString("yyyy-MM-ddTHH:mm:ss.fffffffZ", CultureInfo.InvariantCulture);
        var document = new JsonObject { ["created"] = created };
        if (request.Author.Length > 0)
        {
            document["author"] = request.Author;
        }

        foreach (var name in s_platform.Where(name => old[name] is not null))
        {
            document[name] = old[name]!.DeepClone();
        }

        var isEmpty = written.Diff.Entries == 0;
        document["config"] = config;
        document["rootfs"] = new JsonObject
        {
            ["type"] = "layers",
            ["diff_ids"] = new JsonArray(
            [
                .. parent.Layers.Select(layer => (JsonNode)layer.DiffId), .. isEmpty ? [] : new JsonNode[] { written.DiffId.ToString() },
            ]),
        };
        var history = old["history"]?.DeepClone() as JsonArray ?? [];
        history.Add(Step(container, request, created, isEmpty));
        document["history"] = history;
        return Encoding.UTF8.GetBytes(document.ToJsonString());
    }

    private static JsonObject Step(Container container, ContainerCommit request, string created, bool isEmpty)
    {
        var step = new JsonObject { ["created"] = created, ["created_by"] = string.Join(' ', container.Config.Arguments) };
        if (request.Author.Length > 0)
        {
            step["author"] = request.Author;
        }

        if (request.Message.Length > 0)
        {
            step["comment"] = request.Message;
        }

        if (isEmpty)
        {
            step["empty_layer"] = true;
        }

        return step;
    }

    private void Tell(Container container, ContainerCommit request, ImageDetails made, ImageReference? name)
    {
        events.Publish(
            container, "commit", ("comment", request.Message), ("imageID", made.Id), ("imageRef", name?.Familiar ?? ""));
    }
}
