using System.Net;
using Portal.Engine.Distribution.Logins;
using Portal.Engine.Distribution.Pushing;
using Portal.Engine.Errors;
using Portal.Engine.Hosting;
using Portal.Engine.Images;

namespace Portal.Engine.Distribution;

/// <inheritdoc cref="IRegistries"/>
internal sealed class Registries(
    ImagePuller puller, ImagePusher pusher, RegistryEndpoints endpoints, RegistryHttp http, RegistryRetry retry, EngineOptions options)
    : IRegistries
{
    public Task<ImageDetails> PullAsync(
        string reference, RegistryCredentials? credentials, ImagePlatform? platform = null,
        IProgress<TransferProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        return puller.PullAsync(reference, credentials, platform, progress, cancellationToken);
    }

    public Task<IReadOnlyList<PushedImage>> PushAsync(
        string reference, RegistryCredentials? credentials, IProgress<TransferProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        return pusher.PushAsync(reference, credentials, progress, cancellationToken);
    }

    public async Task<string?> LoginAsync(string server, RegistryCredentials credentials, CancellationToken cancellationToken = default)
    {
        var domain = DomainOf(server);
        var endpoint = await endpoints.FindAsync(domain, cancellationToken).ConfigureAwait(false);
        return await retry.RunAsync(
            $"a login to {domain}", _ => LoginAsync(endpoint, domain, credentials, cancellationToken), _ => { }, cancellationToken)
                .ConfigureAwait(false);
    }

    private async Task<string?> LoginAsync(
        Uri endpoint, string domain, RegistryCredentials credentials, CancellationToken cancellationToken)
    {
        const string What = "access";
        var address = new Uri(endpoint, "v2/");
        var tokens = new RegistryTokens(endpoint, domain, credentials, http, options);
        using var response = await http.GetAsync(address, _ => { }, null, cancellationToken).ConfigureAwait(false);
        if (response.StatusCode != HttpStatusCode.Unauthorized)
        {
            return response.IsSuccessStatusCode ? null : throw RegistryFailure.Explain(response, domain, What);
        }

        if (BearerChallenge.Find(response.Headers) is not null)
        {
            return await tokens.LoginAsync(response, What, cancellationToken).ConfigureAwait(false);
        }

        var basic = await tokens.GetAsync(response, null, What, cancellationToken).ConfigureAwait(false);
        using var second = await http.GetAsync(address, _ => { }, basic, cancellationToken).ConfigureAwait(false);
        return second switch
        {
            { IsSuccessStatusCode: true } => null,
            { StatusCode: HttpStatusCode.Unauthorized } => throw tokens.NeedsLogin(What),
            _ => throw RegistryFailure.Explain(second, domain, What),
        };
    }

    private static string DomainOf(string server)
    {
        var scheme = server.IndexOf("://", StringComparison.Ordinal);
        var rest = scheme < 0 ? server : server[(scheme + 3)..];
        var host = rest.Split('/')[0];
        if (host is "" or "index.docker.io" or "registry-1.docker.io" or "docker.io")
        {
            return "docker.io";
        }

        // Judged as the first part of a name would be, so that nothing but a host and a port gets into an address.
        return ImageReference.TryParse($"{host}/login", out var reference) && reference.Domain == host
            ? host
            : throw EngineException.InvalidArgument($"'{server}' is no address of a registry. It must look like 'host' or 'host:port'.");
    }
}
