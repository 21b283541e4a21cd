using System.Security.Claims;
using Portal.Web.Identity.Providers;
using Portal.Web.Identity.Providers.Protocol;

namespace Portal.Web.Features.Settings.Providers;

/// <summary>
/// Tries a provider out as far as that goes without a person: its description and keys, and whether it knows the client and its secret. For that it
/// is asked about a sign-in that never was: whoever knows the client says that of the sign-in.
/// </summary>
/// <remarks>Singleton; any thread.</remarks>
internal sealed class ProviderCheck(ProviderDirectory directory, ProviderSession sessions, ProviderDocuments documents)
{
    /// <param name="user">Who asks.</param>
    /// <param name="input">What they entered.</param>
    /// <param name="origin">Where the portal is reached.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <returns>Whether all is well, and what was found.</returns>
    public async Task<(bool Good, string Text)> RunAsync(
        ClaimsPrincipal user, ProviderInput input, Uri origin, CancellationToken cancellationToken)
    {
        try
        {
            var (draft, secret) = await directory.DraftAsync(user, input, cancellationToken);
            if (ProviderAddress.Normalize(input.Authority) is null)
            {
                return (false, N("The address must begin with https:// (or http://localhost) and hold nothing after its path."));
            }

            await documents.ReadAsync(input.Kind, draft.Authority, anew: true, cancellationToken);
            var options = await sessions.MakeOptionsAsync(draft, secret, cancellationToken);
            var form = new Dictionary<string, string>
            {
                ["grant_type"] = "authorization_code",
                ["code"] = "portal-test",
                ["redirect_uri"] = new Uri(origin, ProviderSession.ReturnPath(input.Id)).ToString(),
                ["code_verifier"] = new string('a', 43),
            };
            var answer = await ProviderTokens.AskAsync(documents.Http, options, form, cancellationToken);
            return answer.Error switch
            {
                "invalid_grant" or "bad_verification_code" => (true, N("It answers, and knows the client id and the secret.")),
                "invalid_request" => (true, N("It answers. Whether it knows the client can't be told without signing in.")),
                _ => (false, answer.Problem.Length > 0 ? answer.Problem : N("It takes any sign-in for good: don't use it.")),
            };
        }
        catch (ProviderException failure)
        {
            return (false, failure.Message);
        }
    }
}
