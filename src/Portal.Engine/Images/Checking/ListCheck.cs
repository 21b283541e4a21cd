using Portal.Engine.Content;
using Portal.Engine.Distribution;
using Portal.Engine.Errors;
using Portal.Engine.Images.Formats;
using Portal.Engine.Images.Store;

namespace Portal.Engine.Images.Checking;

/// <summary>
/// Looks whether the indexes are here that names stand for. A lost one is fetched from a registry that an image of it came from; without
/// one the name is left with the image that bears it, and the other platforms stay without a name.
/// </summary>
internal sealed class ListCheck(ImageStore store, ContentStore content, ContentLeases leases, ImagePuller puller)
{
    public async Task RunAsync(StoreCheckRequest request, CheckReporter reporter, CancellationToken cancellationToken)
    {
        foreach (var (name, text) in store.Index.Lists.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            cancellationToken.ThrowIfCancellationRequested();
            using var lease = leases.Begin();
            var digest = Digest.Parse(text, "an index");
            lease.Hold(digest);
            if (await IsSoundAsync(digest, cancellationToken).ConfigureAwait(false) || !IsStill(name, text))
            {
                continue;
            }

            var outcome = request.Mend
                ? await MendAsync(name, digest, cancellationToken).ConfigureAwait(false)
                : StoreProblemOutcome.Found;
            var familiar = ImageReference.Parse(name).Familiar;
            reporter.Add(
                StoreProblemKind.BrokenList,
                digest.ToString(),
                outcome == StoreProblemOutcome.Removed
                    ? $"The index of the platforms of '{familiar}' was lost: the name stands for one image now. Pull it again for others."
                    : $"The index {digest} of the platforms of '{familiar}' is missing or damaged.",
                outcome);
        }
    }

    private bool IsStill(string name, string list) => store.Index.Lists.GetValueOrDefault(name) == list;

    private async Task<bool> IsSoundAsync(Digest digest, CancellationToken cancellationToken)
    {
        try
        {
            var bytes = await content.ReadAsync(digest, FormatJson.MaxBytes, cancellationToken).ConfigureAwait(false);
            return Digest.Of(bytes) == digest && ManifestReader.Read(bytes, "The index").Manifests is not null;
        }
        catch (Exception failure) when (failure is EngineException or IOException)
        {
            return false;
        }
    }

    private async Task<StoreProblemOutcome> MendAsync(string name, Digest digest, CancellationToken cancellationToken)
    {
        // What is here but is not what its name says would be taken for present.
        content.Delete(digest);
        var images = store.Index.PlatformsOf(name);
        var sources = images.SelectMany(image => image.Digests)
            .Distinct()
            .Where(source => source.EndsWith($"@{digest}", StringComparison.Ordinal));
        foreach (var source in sources)
        {
            try
            {
                await puller.PullAsync(source, null, images[0].Platform, null, cancellationToken).ConfigureAwait(false);
                if (await IsSoundAsync(digest, cancellationToken).ConfigureAwait(false))
                {
                    return StoreProblemOutcome.Mended;
                }
            }
            catch (EngineException)
            {
                // Another registry may have it; without one the name does without.
                continue;
            }
        }

        store.Update(index => index.Lists.GetValueOrDefault(name) == digest.ToString() ? index.WithoutList(name) : index);
        return StoreProblemOutcome.Removed;
    }
}
