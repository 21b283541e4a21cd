using Portal.Engine.Distribution;
using Portal.Engine.Distribution.Logins;
using Portal.Engine.Distribution.Pushing;
using Portal.Engine.Errors;
using Portal.Engine.Images;

namespace Portal.Engine.Api.Tests.Fakes;

/// <summary>A registry that knows <c>ada</c> with the password <c>secret</c>, and remembers who asked for what.</summary>
internal sealed class FakeRegistries : IRegistries
{
    public RegistryCredentials? Credentials { get; private set; }

    public string? Asked { get; private set; }

    public ImagePlatform? Platform { get; private set; }

    public Task<ImageDetails> PullAsync(
        string reference, RegistryCredentials? credentials, ImagePlatform? platform = null,
        IProgress<TransferProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        (Asked, Credentials) = (reference, credentials);
        return Task.FromResult(new ImageDetails
        {
            Id = FakeImages.Id, Platform = new ImagePlatform("linux", "amd64"), Config = new ImageConfig(),
        });
    }

    public async Task<IReadOnlyList<ImageDetails>> PullAllAsync(
        string repository, RegistryCredentials? credentials, ImagePlatform? platform = null,
        IProgress<TransferProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        progress?.Report(new TransferProgress($"{repository}:1", TransferPhase.Resolving));
        progress?.Report(new TransferProgress($"{repository}:2", TransferPhase.Resolving));
        return [await PullAsync(repository, credentials, platform, progress, cancellationToken)];
    }

    public Task<IReadOnlyList<PushedImage>> PushAsync(
        string reference, RegistryCredentials? credentials, ImagePlatform? platform, IProgress<TransferProgress>? progress,
        CancellationToken cancellationToken = default)
    {
        (Asked, Credentials, Platform) = (reference, credentials, platform);
        progress?.Report(new TransferProgress(reference, TransferPhase.Resolving));
        progress?.Report(new TransferProgress("aaaaaaaaaaaa", TransferPhase.Uploading, 5, 10));
        progress?.Report(new TransferProgress("aaaaaaaaaaaa", TransferPhase.Exists, 10, 10, "Mounted from b"));
        return Task.FromResult<IReadOnlyList<PushedImage>>(
            [new PushedImage(reference, "1", FakeImages.Id, 42)
            {
                Platforms = platform is null ? [] : [platform],
                InsteadOf = reference.Contains("part", StringComparison.Ordinal) ? "sha256:" + new string('e', 64) : null,
            }]);
    }

    public Task<string?> LoginAsync(string server, RegistryCredentials credentials, CancellationToken cancellationToken = default)
    {
        (Asked, Credentials) = (server, credentials);
        return credentials.Password == "secret"
            ? Task.FromResult<string?>("token")
            : throw new EngineException(EngineErrorKind.Unauthenticated, "unauthorized");
    }
}
