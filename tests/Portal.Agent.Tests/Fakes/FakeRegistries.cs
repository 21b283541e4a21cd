using Portal.Engine.Distribution;
using Portal.Engine.Distribution.Logins;
using Portal.Engine.Distribution.Pushing;
using Portal.Engine.Errors;
using Portal.Engine.Images;

namespace Portal.Agent.Tests.Fakes;

/// <summary>
/// Registries that have what <see cref="FakeImages"/> pulls, take every image but those named after nowhere, and remember who asked.
/// </summary>
public sealed class FakeRegistries(FakeImages images) : IRegistries
{
    public RegistryCredentials? Credentials { get; private set; }

    public Task<ImageDetails> PullAsync(
        string reference, RegistryCredentials? credentials, ImagePlatform? platform = null,
        IProgress<TransferProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        Credentials = credentials;
        return images.PullAsync(reference, platform, progress, cancellationToken);
    }

    public async Task<IReadOnlyList<ImageDetails>> PullAllAsync(
        string repository, RegistryCredentials? credentials, ImagePlatform? platform = null,
        IProgress<TransferProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        return [await PullAsync(repository, credentials, platform, progress, cancellationToken)];
    }

    public async Task<IReadOnlyList<PushedImage>> PushAsync(
        string reference, RegistryCredentials? credentials, ImagePlatform? platform, IProgress<TransferProgress>? progress,
        CancellationToken cancellationToken = default)
    {
        Credentials = credentials;
        if (reference == "forever")
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
        }

        progress?.Report(new TransferProgress("aaaaaaaaaaaa", TransferPhase.Uploading, 10, 20));
        progress?.Report(new TransferProgress("aaaaaaaaaaaa", TransferPhase.Complete, 20, 20));
        return reference.StartsWith("nowhere", StringComparison.Ordinal)
            ? throw new EngineException(EngineErrorKind.Unauthenticated, $"The registry of '{reference}' wants a login.")
            : [new PushedImage(reference, "1", "sha256:" + new string('d', 64), 42)
            {
                Platforms = platform is null ? [] : [platform],
                InsteadOf = "sha256:" + new string('e', 64),
            }];
    }

    public Task<string?> LoginAsync(string server, RegistryCredentials credentials, CancellationToken cancellationToken = default)
    {
        Credentials = credentials;
        return Task.FromResult<string?>(null);
    }
}
