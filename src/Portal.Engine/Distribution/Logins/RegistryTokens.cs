using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Portal.Engine.Distribution.Connections;
using Portal.Engine.Errors;
using Portal.Engine.Hosting;

namespace Portal.Engine.Distribution.Logins;

/// <summary>
/// Answers a registry's challenge: with a Basic header, or with a token of its token server (distribution, token authentication), anonymous
/// or for somebody. Scopes add up, so that one token serves all of a session. One per session; one caller at a time.
/// </summary>
internal sealed class RegistryTokens(
    Uri endpoint, string domain, RegistryCredentials? credentials, RegistryHttp http, EngineOptions options)
{
    private const string Client = "portal";
    private const int MaxTokenBytes = 256 * 1024;
    private const int MaxScopes = 16;
    private readonly List<string> _scopes = [];

    /// <summary>Asks for a right with every token from now on.</summary>
    public void Ask(string scope)
    {
        if (scope.Length > 0 && !_scopes.Contains(scope) && _scopes.Count < MaxScopes)
        {
            _scopes.Add(scope);
        }
    }

    /// <summary>Does not ask any more for rights that begin so.</summary>
    public void Drop(string prefix) => _scopes.RemoveAll(scope => scope.StartsWith(prefix, StringComparison.Ordinal));

    /// <summary>What to send after a request was refused with 401.</summary>
    /// <param name="response">The refusal.</param>
    /// <param name="refused">What was sent with it.</param>
    /// <param name="what">What was asked for, for messages.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="EngineException">Unauthenticated: there are no credentials, or they are not accepted.</exception>
    public async Task<AuthenticationHeaderValue> GetAsync(
        HttpResponseMessage response, AuthenticationHeaderValue? refused, string what, CancellationToken cancellationToken)
    {
        if (credentials?.RegistryToken is { Length: > 0 } token && refused is null)
        {
            return new AuthenticationHeaderValue("Bearer", token);
        }

        if (BearerChallenge.Find(response.Headers) is { } challenge)
        {
            var answer = await FetchAsync(challenge, what, isLogin: false, cancellationToken).ConfigureAwait(false);
            return new AuthenticationHeaderValue("Bearer", Choose(answer));
        }

        return HasBasicChallenge(response) && refused is null && Basic() is { } basic ? basic : throw NeedsLogin(what);
    }

    /// <summary>Proves the credentials alone.</summary>
    /// <returns>An identity token to keep instead of the password, where the token server gives one.</returns>
    public async Task<string?> LoginAsync(HttpResponseMessage response, string what, CancellationToken cancellationToken)
    {
        var challenge = BearerChallenge.Find(response.Headers) ?? throw NeedsLogin(what);
        var answer = await FetchAsync(challenge, what, isLogin: true, cancellationToken).ConfigureAwait(false);
        Choose(answer);
        return string.IsNullOrEmpty(answer.RefreshToken) ? null : answer.RefreshToken;
    }

    /// <summary>The Basic header, or null without an account.</summary>
    public AuthenticationHeaderValue? Basic()
    {
        return credentials is { Username.Length: > 0 }
            ? new AuthenticationHeaderValue(
                "Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{credentials.Username}:{credentials.Password}")))
            : null;
    }

    public EngineException NeedsLogin(string what) => new(
        EngineErrorKind.Unauthenticated,
        credentials is null or { IsEmpty: true }
            ? $"The registry {domain} does not give out {what} without login: it is private or does not exist. "
                + "No basic auth credentials were given."
            : $"The registry {domain} refuses {what} to {credentials}: unauthorized, incorrect username or password, or no right to it.");

    private static bool HasBasicChallenge(HttpResponseMessage response) => response.Headers.WwwAuthenticate.Any(
        challenge => string.Equals(challenge.Scheme, "Basic", StringComparison.OrdinalIgnoreCase));

    private async Task<TokenResponse> FetchAsync(
        BearerChallenge challenge, string what, bool isLogin, CancellationToken cancellationToken)
    {
        CheckRealm(challenge.Realm);
        foreach (var scope in (challenge.Scope ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            Ask(scope);
        }

        using var response = credentials is { IdentityToken.Length: > 0 }
            ? await RefreshAsync(challenge, credentials.IdentityToken, cancellationToken).ConfigureAwait(false)
            : await http.GetAsync(AddressOf(challenge, isLogin), _ => { }, Basic(), cancellationToken).ConfigureAwait(false);
        if (!response.IsSuccessStatusCode)
        {
            throw response.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden or HttpStatusCode.BadRequest
                ? NeedsLogin(what)
                : RegistryFailure.Explain(response, domain, $"a token for {what}");
        }

        var body = await http.ReadBodyAsync(response, MaxTokenBytes, "The registry's token", cancellationToken).ConfigureAwait(false);
        return Read(body);
    }

    private void CheckRealm(Uri realm)
    {
        var isAllowed = realm.UserInfo.Length == 0 && (realm.Scheme == Uri.UriSchemeHttps
            || (realm.Scheme == Uri.UriSchemeHttp && endpoint.Scheme == Uri.UriSchemeHttp
                && RegistryEndpoints.MayBeInsecure(options, realm)));
        if (!isAllowed)
        {
            throw EngineException.InvalidArgument(
                $"The registry {domain} wants a token from {realm.Scheme}://{realm.Authority}, which is not allowed: no TLS.");
        }
    }

    private Uri AddressOf(BearerChallenge challenge, bool isLogin)
    {
        var pairs = new List<string>();
        Add("service", challenge.Service);
        _scopes.ForEach(scope => Add("scope", scope));
        Add("account", credentials?.Username);
        if (isLogin)
        {
            Add("client_id", Client);
            Add("offline_token", "true");
        }

        var query = challenge.Realm.Query.TrimStart('?');
        return new UriBuilder(challenge.Realm) { Query = string.Join('&', query.Length == 0 ? pairs : [query, .. pairs]) }.Uri;

        void Add(string name, string? value)
        {
            if (!string.IsNullOrEmpty(value))
            {
                pairs.Add($"{name}={Uri.EscapeDataString(value)}");
            }
        }
    }

    /// <summary>
    /// The OAuth 2 form of the same (distribution, "OAuth2 token authentication"). Redirects are not followed: the body is a secret.
    /// </summary>
    private async Task<HttpResponseMessage> RefreshAsync(
        BearerChallenge challenge, string identityToken, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, challenge.Realm);
        request.Content = new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["grant_type"] = "refresh_token",
            ["service"] = challenge.Service ?? "",
            ["client_id"] = Client,
            ["scope"] = string.Join(' ', _scopes),
            ["refresh_token"] = identityToken,
        });
        return await http.SendAsync(request, cancellationToken).ConfigureAwait(false);
    }

    private TokenResponse Read(byte[] body)
    {
        try
        {
            return JsonSerializer.Deserialize(body, TokenJson.Default.TokenResponse) ?? throw NoToken(null);
        }
        catch (JsonException failure)
        {
            throw NoToken(failure);
        }
    }

    private string Choose(TokenResponse answer)
    {
        var token = string.IsNullOrEmpty(answer.Token) ? answer.AccessToken : answer.Token;
        return !string.IsNullOrEmpty(token) && !token.Any(char.IsControl) ? token : throw NoToken(null);
    }

    private EngineException NoToken(Exception? cause)
    {
        var message = $"The token server of {domain} answers something that is no token.";
        return cause is null
            ? EngineException.InvalidArgument(message)
            : new EngineException(EngineErrorKind.InvalidArgument, message, cause);
    }
}
