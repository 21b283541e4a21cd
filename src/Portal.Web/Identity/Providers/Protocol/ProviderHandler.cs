using System.Buffers.Text;
using System.Security.Claims;
using System.Security.Cryptography;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.OAuth;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.IdentityModel.JsonWebTokens;

namespace Portal.Web.Identity.Providers.Protocol;

/// <summary>
/// The framework's OAuth 2.0 (code flow, PKCE, state bound to the browser by a cookie), and on it what OpenID Connect adds: the nonce and the id token.
/// </summary>
/// <remarks>One per request; it is registered as no scheme, since providers come and go in the database.</remarks>
internal sealed class ProviderHandler(ProviderOptions options, ILoggerFactory loggers)
    : OAuthHandler<ProviderOptions>(new ProviderOptions.Monitor(options), loggers, UrlEncoder.Default)
{
    private const string NonceKey = "portal.nonce";
    private ProvidedIdentity? _identity;

    /// <summary>Sets the cookie that binds the sign-in to the browser, and says where to send it.</summary>
    public string Begin(AuthenticationProperties properties)
    {
        GenerateCorrelationId(properties);
        return BuildChallengeUrl(properties, BuildRedirectUri(Options.CallbackPath));
    }

    /// <summary>Where the provider must be allowed to send people back to.</summary>
    public string RedirectUri => BuildRedirectUri(Options.CallbackPath);

    /// <exception cref="ProviderException">What came can't be believed, or the provider refused.</exception>
    public async Task<(ProvidedIdentity Identity, AuthenticationProperties Properties)> ReceiveAsync()
    {
        // RFC 9207: an answer of one provider that is passed off as another's.
        if (Request.Query.TryGetValue("iss", out var issuer) && issuer != Options.Endpoints.Issuer)
        {
            throw new ProviderException(N("This answer is of another provider. Begin again at the sign-in page."));
        }

        var result = await HandleRemoteAuthenticateAsync();
        if (result.Failure is ProviderException refused)
        {
            throw refused;
        }

        if (result is not { Succeeded: true, Ticket: { } ticket } || _identity is null)
        {
            throw new ProviderException(ProblemOf(result.Failure), result.Failure);
        }

        return ticket.Properties.ExpiresUtc > TimeProvider.GetUtcNow()
            ? (_identity, ticket.Properties)
            : throw new ProviderException(N("That took too long. Begin again at the sign-in page."));
    }

    protected override string BuildChallengeUrl(AuthenticationProperties properties, string redirectUri)
    {
        var nonce = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));
        properties.Items[NonceKey] = nonce;
        var url = base.BuildChallengeUrl(properties, redirectUri);
        return Options.Endpoints.Discovered is null ? url : QueryHelpers.AddQueryString(url, "nonce", nonce);
    }

    protected override async Task<OAuthTokenResponse> ExchangeCodeAsync(OAuthCodeExchangeContext context)
    {
        var form = new Dictionary<string, string>
        {
            ["grant_type"] = "authorization_code",
            ["code"] = context.Code,
            ["redirect_uri"] = context.RedirectUri,
            ["code_verifier"] = context.Properties.Items[OAuthConstants.CodeVerifierKey]!,
        };
        try
        {
            var answer = await ProviderTokens.AskAsync(Options.Documents.Http, Options, form, Context.RequestAborted);
            return answer.Error.Length == 0 && answer.Document is { } document
                ? OAuthTokenResponse.Success(document)
                : OAuthTokenResponse.Failed(new ProviderException(answer.Problem));
        }
        catch (ProviderException failure)
        {
            return OAuthTokenResponse.Failed(failure);
        }
    }

    protected override async Task<AuthenticationTicket> CreateTicketAsync(
        ClaimsIdentity identity, AuthenticationProperties properties, OAuthTokenResponse tokens)
    {
        var calls = new ProviderCalls(Options.Documents.Http, tokens.AccessToken!);
        _identity = Options.Endpoints.Discovered is null
            ? await GitHubIdentity.ReadAsync(calls, Options.Endpoints, Context.RequestAborted)
            : await ReadAsync(calls, properties, tokens.Response!.RootElement);
        return new AuthenticationTicket(new ClaimsPrincipal(identity), properties, Scheme.Name);
    }

    private async Task<ProvidedIdentity> ReadAsync(ProviderCalls calls, AuthenticationProperties properties, JsonElement answer)
    {
        var text = OidcIdentity.Text(answer, "id_token");
        if (text.Length == 0)
        {
            throw new ProviderException(N("The provider gave no id token. Is 'openid' among the scopes?"));
        }

        var token = await VerifyAsync(text, properties.Items[NonceKey]!, Options.Endpoints)
            ?? await VerifyAsync(text, properties.Items[NonceKey]!, await ReadAnewAsync())
            ?? throw new ProviderException(N("The provider's id token was not accepted: no key of the provider signed it."));
        var info = Options.Endpoints.UserInfo.Length == 0
            ? (JsonElement?)null
            : await calls.GetAsync(Options.Endpoints.UserInfo, Context.RequestAborted);
        using var claims = JsonDocument.Parse(Base64Url.DecodeFromChars(token.EncodedPayload));
        return OidcIdentity.Read(Options.Endpoints.Issuer, claims.RootElement, info, Options.GroupClaim);
    }

    private Task<JsonWebToken?> VerifyAsync(string text, string nonce, ProviderEndpoints endpoints) =>
        IdTokens.VerifyAsync(text, endpoints.Discovered!, Options.ClientId, nonce, TimeProvider.GetUtcNow());

    private Task<ProviderEndpoints> ReadAnewAsync() =>
        Options.Documents.ReadAsync(Options.Kind, Options.Authority, anew: true, Context.RequestAborted);

    private static string ProblemOf(Exception? failure) => failure switch
    {
        { Data: { } data } when data.Contains("error") && data["error"] as string == "access_denied" =>
            N("The provider did not let you in, or you cancelled there."),
        { Data: { } data } when data.Contains("error") =>
            E("The provider refused: {0}", $"{Clean(data["error"] as string)} {Clean(data["error_description"] as string)}".TrimEnd()),
        _ => N("This sign-in was not begun in this browser, was used already or took too long. Begin again at the sign-in page."),
    };

    // It is shown, so it is no longer than a sentence, whatever a made-up link says.
    private static string Clean(string? text) =>
        new([.. (text ?? "").Where(letter => !char.IsControl(letter)).Take(200)]);
}
