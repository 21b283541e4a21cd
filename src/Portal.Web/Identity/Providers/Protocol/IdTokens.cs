using System.Security.Cryptography;
using System.Text;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Microsoft.IdentityModel.Tokens;

namespace Portal.Web.Identity.Providers.Protocol;

/// <summary>Verifies id tokens (OpenID Connect Core 1.0, 3.1.3.7).</summary>
internal static class IdTokens
{
    private const int MostCharacters = 64 * 1024;

    // Of two keys alone: with a shared secret for a key, or none at all, whoever has the client's secret could be anybody.
    private static readonly string[] s_algorithms =
    [
        SecurityAlgorithms.RsaSha256, SecurityAlgorithms.RsaSha384, SecurityAlgorithms.RsaSha512,
        SecurityAlgorithms.RsaSsaPssSha256, SecurityAlgorithms.RsaSsaPssSha384, SecurityAlgorithms.RsaSsaPssSha512,
        SecurityAlgorithms.EcdsaSha256, SecurityAlgorithms.EcdsaSha384, SecurityAlgorithms.EcdsaSha512,
    ];

    private static readonly JsonWebTokenHandler s_handler = new() { MaximumTokenSizeInBytes = MostCharacters, MapInboundClaims = false };

    /// <returns>Null when no key of the provider signed it: it may have got new ones.</returns>
    /// <exception cref="ProviderException">It is not to be believed.</exception>
    public static async Task<JsonWebToken?> VerifyAsync(
        string text, OpenIdConnectConfiguration provider, string clientId, string nonce, DateTimeOffset now)
    {
        var result = await s_handler.ValidateTokenAsync(text, new TokenValidationParameters
        {
            ValidIssuer = provider.Issuer,
            ValidAudience = clientId,
            IssuerSigningKeys = provider.SigningKeys,
            ValidAlgorithms = s_algorithms,
            RequireSignedTokens = true,
            RequireExpirationTime = true,
            TryAllIssuerSigningKeys = true,
            LifetimeValidator = (notBefore, expires, _, parameters) => IsTimely(notBefore, expires, now, parameters.ClockSkew),
            ClockSkew = TimeSpan.FromMinutes(1),
        });
        if (result.Exception is SecurityTokenSignatureKeyNotFoundException)
        {
            return null;
        }

        if (!result.IsValid)
        {
            throw new ProviderException(E("The provider's id token was not accepted: {0:said}", ProblemOf(result.Exception)), result.Exception);
        }

        var token = (JsonWebToken)result.SecurityToken;
        if (FindProblem(token, clientId, nonce) is { } problem)
        {
            throw new ProviderException(E("The provider's id token was not accepted: {0:said}", problem));
        }

        return token;
    }

    private static string? FindProblem(JsonWebToken token, string clientId, string nonce)
    {
        var found = token.TryGetPayloadValue<string>("nonce", out var given) ? given : "";
        return !CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(found), Encoding.UTF8.GetBytes(nonce))
                ? N("it is not for this sign-in (nonce). Begin again at the sign-in page.")
            : string.IsNullOrEmpty(token.Subject) ? N("it names nobody.")
            : token.Azp is { Length: > 0 } party && party != clientId ? N("it was made for another application.")
            : token.Audiences.Skip(1).Any() && token.Azp != clientId ? N("it was made for several applications, and not at this one's wish.")
            : null;
    }

    private static bool IsTimely(DateTime? notBefore, DateTime? expires, DateTimeOffset now, TimeSpan skew) =>
        expires > now.UtcDateTime - skew && !(notBefore > now.UtcDateTime + skew);

    private static string ProblemOf(Exception? failure) => failure switch
    {
        SecurityTokenInvalidIssuerException => N("it is of another issuer."),
        SecurityTokenInvalidAudienceException => N("it was made for another application. Is the client's id right?"),
        SecurityTokenInvalidLifetimeException or SecurityTokenExpiredException or SecurityTokenNotYetValidException
            or SecurityTokenNoExpirationException => N("it is too old or not good yet. Are the clocks of both machines right?"),
        SecurityTokenInvalidAlgorithmException => N("it is signed in a way that is not safe."),
        _ => N("its signature is wrong."),
    };
}
