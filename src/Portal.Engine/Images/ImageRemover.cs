using Microsoft.Extensions.DependencyInjection;
using Portal.Engine.Content;
using Portal.Engine.Errors;
using Portal.Engine.Events;
using Portal.Engine.Images.Installing;
using Portal.Engine.Images.Store;
using Portal.Engine.Snapshots;

namespace Portal.Engine.Images;

/// <summary>Removes names and images, then what nothing needs any more. The index changes first: from then on the image is gone.</summary>
internal sealed class ImageRemover(
    ImageStore store, UnneededBlobs unneeded, ContentLeases leases, ILayerMaintenance layers, IServiceProvider services,
    IEngineEvents? events = null)
{
    public async Task<ImageRemoval> RemoveAsync(string reference, bool force, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var untagged = new List<string>();
        var removed = new List<ImageRecord>();
        var lists = new List<string>();
        ImageRecord? named = null;
        store.Update(index =>
        {
            var match = index.Find(reference)
                ?? throw EngineException.NotFound($"No such image: {reference}. 'images' lists those that are here.");
            named = match.Image;
            var changed = Remove(index, match, force, untagged, removed);
            lists.AddRange(index.Lists.Values.Except(changed.Lists.Values));
            return changed;
        });
        Publish(named, untagged, removed);
        return new ImageRemoval(untagged, await SweepAsync(removed, lists, cancellationToken).ConfigureAwait(false));
    }

    /// <summary>Removes an image with all of its names unless a container uses it.</summary>
    /// <returns>Null when it stays, or was gone already.</returns>
    public async Task<ImageRemoval?> RemoveUnusedAsync(string id, CancellationToken cancellationToken)
    {
        var removed = new List<ImageRecord>();
        var lists = new List<string>();
        store.Update(index =>
        {
            if (!index.Images.TryGetValue(id, out var image) || IsUsed(image))
            {
                return index;
            }

            var changed = index.Remove(id, IsUsed, removed);
            lists.AddRange(index.Lists.Values.Except(changed.Lists.Values));
            return changed;
        });
        if (removed.Count == 0)
        {
            return null;
        }

        var untagged = ImageRegistrar.Familiar([.. removed[0].Names, .. removed[0].Digests]).ToList();
        Publish(removed[0], untagged, removed);
        return new ImageRemoval(untagged, await SweepAsync(removed, lists, cancellationToken).ConfigureAwait(false));
    }

    private ImageIndex Remove(
        ImageIndex index, ImageMatch match, bool force, List<string> untagged, List<ImageRecord> removed)
    {
        var image = match.Image;
        var isById = match.Name is null && match.RepositoryDigest is null;
        if (isById && image.Names.Count > 1 && !force)
        {
            var names = ImageRegistrar.Familiar(image.Names);
            var users = UsersOf(image);
            throw new ImageConflictException(
                $"conflict: unable to delete {image.Id[7..19]} (must be forced) - image is referenced in multiple repositories: "
                + string.Join(", ", names),
                image.Id,
                names,
                users,
                mayForce: !users.Any(user => user.Running));
        }

        // A name among others goes alone; the last one takes the image with it. A digest is a name when there is no other.
        var hasOthers = match.Name is not null
            ? image.Names.Count > 1
            : match.RepositoryDigest is not null && (image.Names.Count > 0 || image.Digests.Count > 1);
        if (!isById && hasOthers)
        {
            untagged.Add(ImageReference.Parse(match.Name ?? match.RepositoryDigest!).Familiar);
            return match.Name is not null
                ? index.RemoveName(match.Name, IsUsed, removed)
                : index.WithoutDigest(image.Id, match.RepositoryDigest!);
        }

        CheckUsers(image, match.Name, force);
        untagged.AddRange(ImageRegistrar.Familiar([.. image.Names, .. image.Digests]));
        return index.Remove(image.Id, IsUsed, removed);
    }

    private void CheckUsers(ImageRecord image, string? name, bool force)
    {
        var users = UsersOf(image);
        var blocking = users.FirstOrDefault(user => user.Running) ?? (force ? null : users.FirstOrDefault());
        if (blocking is not null)
        {
            var id = blocking.ContainerId.Length > 12 ? blocking.ContainerId[..12] : blocking.ContainerId;

            // Docker's words, which scripts look for.
            var (remedy, state) = blocking.Running ? ("cannot be forced", "running") : ("must be forced", "stopped");
            throw new ImageConflictException(
                name is not null && !force
                    ? $"conflict: unable to remove repository reference \"{ImageReference.Parse(name).Familiar}\" (must force) - "
                    + $"container {id} is using its referenced image {image.Id[7..19]}"
                    : $"conflict: unable to delete {image.Id[7..19]} ({remedy}) - image is being used by {state} container {id}",
                image.Id,
                [],
                users,
                mayForce: !blocking.Running);
        }
    }

    private bool IsUsed(ImageRecord image) => services.GetService<IImageUsers>()?.FindUsers(image.Id).Count > 0;

    // Looked up late: the containers need the images to exist first.
    private List<ImageUser> UsersOf(ImageRecord image) =>
        [.. (services.GetService<IImageUsers>()?.FindUsers(image.Id) ?? []).OrderByDescending(user => user.Running)];

    /// <summary>Removes blobs and layers of images that nothing else needs. What fails here is left to the next collection.</summary>
    /// <returns>The ids of the images, and the chain ids of the layers that went.</returns>
    private async Task<IReadOnlyList<string>> SweepAsync(
        List<ImageRecord> removed, List<string> lists, CancellationToken cancellationToken)
    {
        foreach (var blob in removed.SelectMany(image => image.Blobs()).Concat(lists).Distinct())
        {
            unneeded.TryRemove(Digest.Parse(blob, "a blob"));
        }

        if (removed.Count == 0)
        {
            return [];
        }

        var own = removed.SelectMany(image => image.Layers.Select(layer => layer.ChainId)).ToHashSet();
        var chainIds = await leases.CollectLayersAsync(
            async held =>
            {
                // Only these images' layers are to go: those of a pull that was broken off stay for its next try.
                var others = layers.ListLayers().Where(chainId => !own.Contains(chainId));
                var live = held.Concat(store.Index.ChainIds).Concat(others).ToHashSet();
                return await layers.CollectLayersAsync(live, cancellationToken).ConfigureAwait(false);
            },
            cancellationToken).ConfigureAwait(false);
        return [.. removed.Select(image => image.Id), .. chainIds];
    }

    private void Publish(ImageRecord? named, List<string> untagged, List<ImageRecord> removed)
    {
        foreach (var name in untagged)
        {
            events?.PublishImage("untag", named!.Id, name, named.Labels);
        }

        foreach (var image in removed)
        {
            events?.PublishImage("delete", image.Id, image.Id, image.Labels);
        }
    }
}
