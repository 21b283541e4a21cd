using System.Collections.Concurrent;
using System.Net.Sockets;
using System.Text.Json;
using Microsoft.IdentityModel.Protocols;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Portal.Web.Security.Outgoing;

namespace Portal.Web.Identity.Providers.Protocol;

/// <summary>Reads what providers say of themselves (OpenID Connect Discovery 1.0) and their keys, and remembers it for an hour.</summary>
/// <remarks>Singleton; any thread.</remarks>
internal sealed class ProviderDocuments(OutgoingConnections connections, TimeProvider time) : IDocumentRetriever, IDisposable
{
    private const int MostBytes = 1024 * 1024;
    private const int MostKept = 100;
    private static readonly TimeSpan s_good = TimeSpan.FromHours(1);
    private readonly ConcurrentDictionary<string, (OpenIdConnectConfiguration Document, long At)> _kept = new();

    /// <summary>For all that is asked of providers: it goes where the portal may go, follows no redirects and reads no more than a megabyte.</summary>
    public HttpClient Http { get; } = connections.CreateClient(MostBytes);

    /// <param name="kind">What the provider is.</param>
    /// <param name="authority">Its address.</param>
    /// <param name="anew">True when a key was not found: it may have got new ones.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <exception cref="ProviderException">It can't be reached, or is not what its address says.</exception>
    public async Task<ProviderEndpoints> ReadAsync(ProviderKind kind, string authority, bool anew, CancellationToken cancellationToken)
    {
        if (kind == ProviderKind.GitHub)
        {
            return ProviderEndpoints.OfGitHub(authority);
        }

        if (!anew && _kept.TryGetValue(authority, out var kept) && time.GetElapsedTime(kept.At) < s_good)
        {
            return ToEndpoints(kept.Document);
        }

        var document = await FetchAsync(authority, cancellationToken);
        if (_kept.Count >= MostKept)
        {
            _kept.Clear();
        }

        _kept[authority] = (document, time.GetTimestamp());
        return ToEndpoints(document);
    }

    async Task<string> IDocumentRetriever.GetDocumentAsync(string address, CancellationToken cancel)
    {
        if (!ProviderAddress.IsSafe(address))
        {
            throw new ProviderException(E("The provider names '{0}', which is not over TLS.", address));
        }

        try
        {
            using var answer = await Http.GetAsync(address, cancel);
            return answer.IsSuccessStatusCode
                ? await answer.Content.ReadAsStringAsync(cancel)
                : throw new ProviderException(E("'{0}' answers {1}. Is the provider's address right?", address, (int)answer.StatusCode));
        }
        catch (Exception failure) when (ProblemOf(failure) is { } problem)
        {
            throw new ProviderException(E("'{0:name}' can't be reached: {1:said}", address, problem), failure);
        }
    }

    /// <summary>What kept a request from being answered, for whoever looks after the portal; null for another failure.</summary>
    public static string? ProblemOf(Exception failure) => failure switch
    {
        OutgoingException => failure.Message,
        HttpRequestException { InnerException: OutgoingException inside } => inside.Message,
        HttpRequestException { InnerException: System.Security.Authentication.AuthenticationException } =>
            N("its certificate is not trusted by the portal's machine."),
        HttpRequestException { HttpRequestError: HttpRequestError.NameResolutionError } => N("its name is not known."),
        HttpRequestException { InnerException: SocketException } => N("nobody answers there."),
        HttpRequestException => N("it gave no answer that can be read."),
        TaskCanceledException { InnerException: TimeoutException } => N("it took too long to answer."),
        _ => null,
    };

    public void Dispose() => Http.Dispose();

    private async Task<OpenIdConnectConfiguration> FetchAsync(string authority, CancellationToken cancellationToken)
    {
        try
        {
            var document = await OpenIdConnectConfigurationRetriever.GetAsync(
                $"{authority}/.well-known/openid-configuration", this, cancellationToken);
            Check(authority, document);
            return document;
        }
        catch (Exception failure) when (failure is JsonException or ArgumentException or InvalidOperationException or FormatException)
        {
            throw new ProviderException(
                E("'{0}/.well-known/openid-configuration' is no description of a provider. Is the address right?", authority), failure);
        }
    }

    // Discovery 1.0, 4.3: or the keys of one would be believed for another.
    private static void Check(string authority, OpenIdConnectConfiguration document)
    {
        if (document.Issuer?.TrimEnd('/') != authority)
        {
            throw new ProviderException(E("The provider calls itself '{0}', not '{1}'. Enter the address as it does.", document.Issuer, authority));
        }

        string?[] needed = [document.AuthorizationEndpoint, document.TokenEndpoint];
        string?[] optional = [document.UserInfoEndpoint];
        if (needed.Any(address => !ProviderAddress.IsSafe(address))
            || optional.Any(address => !string.IsNullOrEmpty(address) && !ProviderAddress.IsSafe(address)))
        {
            throw new ProviderException(N("The provider names no addresses for signing in, or some that are not over TLS."));
        }

        if (document.SigningKeys.Count == 0)
        {
            throw new ProviderException(N("The provider names no keys, so that nothing that it says could be verified."));
        }
    }

    private static ProviderEndpoints ToEndpoints(OpenIdConnectConfiguration document) => new()
    {
        Issuer = document.Issuer,
        Authorization = document.AuthorizationEndpoint,
        Token = document.TokenEndpoint,
        UserInfo = document.UserInfoEndpoint ?? "",
        WantsBasic = document.TokenEndpointAuthMethodsSupported is { Count: > 0 } methods
            && !methods.Contains("client_secret_post") && methods.Contains("client_secret_basic"),
        Discovered = document,
    };
}
