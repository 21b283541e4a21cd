using System.Security.Cryptography;
using Portal.Engine.Content;

namespace Portal.Engine.Images.Checking;

/// <summary>Looks whether each blob has the digest that is its name.</summary>
internal sealed class BlobCheck(ContentStore content)
{
    private const int Parallel = 2;

    /// <returns>How many blobs there are, and their bytes.</returns>
    public async Task<(int Count, long Bytes)> RunAsync(
        StoreCheckRequest request, CheckReporter reporter, CancellationToken cancellationToken)
    {
        var blobs = content.List().Select(blob => (blob.Digest, Size: content.TrySizeOf(blob.Digest) ?? 0)).ToList();
        var bytes = blobs.Sum(blob => blob.Size);
        reporter.Begin(StoreCheckPhase.Contents, request.ReadContents ? bytes : 0);
        CheckNames(request, reporter);
        if (request.ReadContents)
        {
            var options = new ParallelOptions { MaxDegreeOfParallelism = Parallel, CancellationToken = cancellationToken };
            await System.Threading.Tasks.Parallel.ForEachAsync(
                blobs, options, (blob, token) => CheckAsync(blob.Digest, request, reporter, token)).ConfigureAwait(false);
        }

        return (blobs.Count, bytes);
    }

    private void CheckNames(StoreCheckRequest request, CheckReporter reporter)
    {
        foreach (var name in content.ListForeign())
        {
            if (request.Mend)
            {
                content.DeleteForeign(name);
            }

            reporter.Add(
                StoreProblemKind.ForeignFile, name, $"'{name}' is among the blobs, but its name is no digest.",
                request.Mend ? StoreProblemOutcome.Removed : StoreProblemOutcome.Found);
        }
    }

    private async ValueTask CheckAsync(
        Digest digest, StoreCheckRequest request, CheckReporter reporter, CancellationToken cancellationToken)
    {
        var problem = await FindProblemAsync(digest, reporter, cancellationToken).ConfigureAwait(false);
        if (problem is null)
        {
            return;
        }

        if (request.Mend)
        {
            // Whoever holds it has no use for it either: it is not what they hold.
            content.Delete(digest);
        }

        reporter.Add(
            StoreProblemKind.DamagedContent, digest.ToString(), problem,
            request.Mend ? StoreProblemOutcome.Removed : StoreProblemOutcome.Found);
    }

    private async Task<string?> FindProblemAsync(Digest digest, CheckReporter reporter, CancellationToken cancellationToken)
    {
        try
        {
            long done = 0;
            var stream = new Installing.CountingStream(content.OpenRead(digest), read =>
            {
                reporter.Advance(read - done);
                done = read;
            });
            await using (stream.ConfigureAwait(false))
            {
                var actual = Digest.FromHash(await SHA256.HashDataAsync(stream, cancellationToken).ConfigureAwait(false));
                return actual == digest ? null : $"The content {digest} is damaged: it has the digest {actual}.";
            }
        }
        catch (IOException failure)
        {
            // The disk itself can't give it back.
            return $"The content {digest} can't be read: {failure.Message}";
        }
        catch (Errors.EngineException failure) when (failure.Kind == Errors.EngineErrorKind.NotFound)
        {
            // Removed since it was listed.
            return null;
        }
    }
}
