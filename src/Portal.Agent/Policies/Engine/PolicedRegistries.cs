using Portal.Contracts.Policies.Demands;
using Portal.Engine.Distribution;
using Portal.Engine.Distribution.Logins;
using Portal.Engine.Distribution.Pushing;
using Portal.Engine.Images;

namespace Portal.Agent.Policies.Engine;

/// <summary>Registries, pulled from only as policies allow.</summary>
internal sealed class PolicedRegistries(IRegistries inner, PolicyGate gate) : IRegistries
{
    public Task<ImageDetails> PullAsync(
        string reference,
        RegistryCredentials? credentials,
        ImagePlatform? platform = null,
        IProgress<TransferProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        gate.Check([.. PolicyDemands.Image(reference, "pull")]);
        return inner.PullAsync(reference, credentials, platform, progress, cancellationToken);
    }

    public Task<IReadOnlyList<ImageDetails>> PullAllAsync(
        string repository,
        RegistryCredentials? credentials,
        ImagePlatform? platform = null,
        IProgress<TransferProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        gate.Check([.. PolicyDemands.Image(repository, "pull")]);
        return inner.PullAllAsync(repository, credentials, platform, progress, cancellationToken);
    }

    public Task<IReadOnlyList<PushedImage>> PushAsync(
        string reference,
        RegistryCredentials? credentials,
        ImagePlatform? platform,
        IProgress<TransferProgress>? progress,
        CancellationToken cancellationToken = default) =>
        inner.PushAsync(reference, credentials, platform, progress, cancellationToken);

    public Task<string?> LoginAsync(string server, RegistryCredentials credentials, CancellationToken cancellationToken = default) =>
        inner.LoginAsync(server, credentials, cancellationToken);
}
