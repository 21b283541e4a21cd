using System.Net;
using Portal.Engine.Distribution.Connections;
using Portal.Engine.Distribution.Logins;
using Portal.Engine.Distribution.Queries;
using Portal.Engine.Errors;
using Portal.Engine.Hosting;
using Portal.Engine.Images;

namespace Portal.Engine.Distribution;

/// <summary>Proves credentials to a registry, by its answer to <c>/v2/</c>.</summary>
internal sealed class RegistryLogin(RegistryEndpoints endpoints, RegistryHttp http, RegistryRetry retry, EngineOptions options)
{
    private const string What = "access";

    /// <param name="server">Its address as users write it.</param>
    /// <param name="credentials">What to prove, or null for nothing: then a registry that lets anybody in does.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>How it was reached, and an identity token where the registry gives one.</returns>
    public async Task<(RegistryCheck Check, string? IdentityToken)> ProveAsync(
        string server, RegistryCredentials? credentials, CancellationToken cancellationToken)
    {
        var domain = DomainOf(server);
        var endpoint = await endpoints.FindAsync(domain, cancellationToken).ConfigureAwait(false);
        return await retry.RunAsync(
            $"a login to {domain}", _ => ProveAsync(endpoint, credentials, cancellationToken), _ => { }, cancellationToken)
                .ConfigureAwait(false);
    }

    private async Task<(RegistryCheck Check, string? IdentityToken)> ProveAsync(
        RegistryEndpoint endpoint, RegistryCredentials? credentials, CancellationToken cancellationToken)
    {
        var own = http.For(endpoint.Domain);
        var address = new Uri(endpoint.Address, "v2/");
        var isSecure = endpoint.Address.Scheme == Uri.UriSchemeHttps;
        var isSomebody = credentials is { IsEmpty: false };
        var tokens = new RegistryTokens(endpoint.Address, endpoint.Domain, credentials, own, options);
        using var response = await own.GetAsync(address, _ => { }, null, cancellationToken).ConfigureAwait(false);
        if (response.StatusCode != HttpStatusCode.Unauthorized)
        {
            return response.IsSuccessStatusCode && !IsPage(response)
                ? (new RegistryCheck(isSecure, IsAuthenticated: false), null)
                : throw Explain(response, endpoint.Domain);
        }

        if (BearerChallenge.Find(response.Headers) is not null)
        {
            var identity = await tokens.LoginAsync(response, What, cancellationToken).ConfigureAwait(false);
            return (new RegistryCheck(isSecure, isSomebody), identity);
        }

        var basic = await tokens.GetAsync(response, null, What, cancellationToken).ConfigureAwait(false);
        using var second = await own.GetAsync(address, _ => { }, basic, cancellationToken).ConfigureAwait(false);
        return second switch
        {
            { IsSuccessStatusCode: true } => (new RegistryCheck(isSecure, IsAuthenticated: true), null),
            { StatusCode: HttpStatusCode.Unauthorized } => throw tokens.NeedsLogin(What),
            _ => throw Explain(second, endpoint.Domain),
        };
    }

    // Any web server answers something.
    private static bool IsPage(HttpResponseMessage response) => response.Content.Headers.ContentType?.MediaType == "text/html";

    private static Exception Explain(HttpResponseMessage response, string domain) =>
        IsPage(response) || response.StatusCode == HttpStatusCode.NotFound
            ? EngineException.InvalidArgument(
                $"What answers at {domain} is no registry: it has no /v2/ (status {(int)response.StatusCode}). Check the address.")
            : RegistryFailure.Explain(response, domain, What);

    /// <summary>The registry that an address means, as in the names of images.</summary>
    /// <exception cref="EngineException">InvalidArgument: none.</exception>
    public static string DomainOf(string server)
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
