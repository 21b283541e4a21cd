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
    ImageStore store, ContentStore content, ContentLeases leases, ILayerMaintenance layers, IServiceProvider services,
    IEngineEvents? events = null)
{
    public async Task<ImageRemoval> RemoveAsync(string reference, bool force, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var untagged = new List<string>();
        ImageRecord? removed = null;
        store.Update(index =>
        {
            var match = index.Find(reference)
                ?? throw EngineException.NotFound($"There is no image '{reference}'. 'images' lists those that are here.");
            (var changed, removed) = Remove(index, match, force, untagged);
            return changed;
        });
        Publish(untagged, removed);
        if (removed is null)
        {
            return new ImageRemoval(untagged, []);
        }

        var deleted = await SweepAsync(removed, cancellationToken).ConfigureAwait(false);
        return new ImageRemoval(untagged, [removed.Id, .. deleted]);
    }

    /// <summary>Removes an image with all of its names unless a container uses it.</summary>
    /// <returns>Null when it stays, or was gone already.</returns>
    public async Task<ImageRemoval?> RemoveUnusedAsync(string id, CancellationToken cancellationToken)
    {
        ImageRecord? removed = null;
        store.Update(index =>
        {
            var isUsed = services.GetService<IImageUsers>()?.FindUsers(id).Count > 0;
            removed = isUsed ? null : index.Images.GetValueOrDefault(id);
            return removed is null ? index : index.Without(id);
        });
        if (removed is null)
        {
            return null;
        }

        var untagged = ImageRegistrar.Familiar([.. removed.Names, .. removed.Digests]).ToList();
        Publish(untagged, removed);
        return new ImageRemoval(untagged, [id, .. await SweepAsync(removed, cancellationToken).ConfigureAwait(false)]);
    }

    private (ImageIndex Index, ImageRecord? Removed) Remove(ImageIndex index, ImageMatch match, bool force, List<string> untagged)
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
            return (match.Name is not null
                ? index.WithoutName(match.Name)
                : index.WithoutDigest(image.Id, match.RepositoryDigest!), null);
        }

        CheckUsers(image, force);
        untagged.AddRange(ImageRegistrar.Familiar([.. image.Names, .. image.Digests]));
        return (index.Without(image.Id), image);
    }

    private void CheckUsers(ImageRecord image, bool force)
    {
        var users = UsersOf(image);
        var blocking = users.FirstOrDefault(user => user.Running) ?? (force ? null : users.FirstOrDefault());
        if (blocking is not null)
        {
            var id = blocking.ContainerId.Length > 12 ? blocking.ContainerId[..12] : blocking.ContainerId;

            // Docker's words, which scripts look for.
            var (remedy, state) = blocking.Running ? ("cannot be forced", "running") : ("must be forced", "stopped");
            throw new ImageConflictException(
                $"conflict: unable to delete {image.Id[7..19]} ({remedy}) - image is being used by {state} container {id}",
                image.Id,
                [],
                users,
                mayForce: !blocking.Running);
        }
    }

    // Looked up late: the containers need the images to exist first.
    private List<ImageUser> UsersOf(ImageRecord image) =>
        [.. (services.GetService<IImageUsers>()?.FindUsers(image.Id) ?? []).OrderByDescending(user => user.Running)];

    /// <summary>Removes the image's blobs and layers that nothing else needs. What fails here is left to the next collection.</summary>
    private async Task<IReadOnlyList<string>> SweepAsync(ImageRecord removed, CancellationToken cancellationToken)
    {
        foreach (var blob in removed.Blobs().Distinct())
        {
            var digest = Digest.Parse(blob, "a blob");
            leases.TryRemove(digest, () => store.Index.NeedsBlob(digest), () => content.Delete(digest));
        }

        var own = removed.Layers.Select(layer => layer.ChainId).ToHashSet();
        return await leases.CollectLayersAsync(
            async held =>
            {
                // Only this image's layers are to go: those of a pull that was broken off stay for its next try.
                var others = layers.ListLayers().Where(chainId => !own.Contains(chainId));
                var live = held.Concat(store.Index.ChainIds).Concat(others).ToHashSet();
                return await layers.CollectLayersAsync(live, cancellationToken).ConfigureAwait(false);
            },
            cancellationToken).ConfigureAwait(false);
    }

    private void Publish(List<string> untagged, ImageRecord? removed)
    {
        foreach (var name in untagged)
        {
            events?.Publish(EngineEventType.Image, "untag", removed?.Id ?? name, new Dictionary<string, string> { ["name"] = name });
        }

        if (removed is not null)
        {
            events?.Publish(EngineEventType.Image, "delete", removed.Id, new Dictionary<string, string> { ["name"] = removed.Id });
        }
    }
}
