using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace Portal.Web.Identity.Providers.Protocol;

/// <summary>What a provider's token endpoint answers (RFC 6749, 5).</summary>
/// <param name="Document">The answer; null when it was none.</param>
/// <param name="Error">The error's code; empty for none.</param>
/// <param name="Problem">What it means, for whoever looks after the portal.</param>
internal sealed record ProviderTokens(JsonDocument? Document, string Error, string Problem)
{
    /// <exception cref="ProviderException">It can't be reached.</exception>
    public static async Task<ProviderTokens> AskAsync(
        HttpClient http, ProviderOptions options, Dictionary<string, string> form, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, options.TokenEndpoint);
        request.Headers.Accept.ParseAdd("application/json");
        if (options.Endpoints.WantsBasic)
        {
            var pair = $"{Uri.EscapeDataString(options.ClientId)}:{Uri.EscapeDataString(options.ClientSecret)}";
            request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(pair)));
        }
        else
        {
            form["client_id"] = options.ClientId;
            if (options.ClientSecret.Length > 0)
            {
                form["client_secret"] = options.ClientSecret;
            }
        }

        request.Content = new FormUrlEncodedContent(form);
        try
        {
            using var answer = await http.SendAsync(request, cancellationToken);
            return Read(await answer.Content.ReadAsStringAsync(cancellationToken), (int)answer.StatusCode);
        }
        catch (Exception failure) when (ProviderDocuments.ProblemOf(failure) is { } problem)
        {
            throw new ProviderException(E("The provider's token endpoint can't be reached: {0:said}", problem), failure);
        }
    }

    private static ProviderTokens Read(string text, int status)
    {
        try
        {
            var document = JsonDocument.Parse(text);
            var error = OidcIdentity.Text(document.RootElement, "error");
            return error.Length > 0 || status >= 400
                ? new ProviderTokens(document, error.Length > 0 ? error : $"{status}", Explain(error, status))
                : new ProviderTokens(document, "", "");
        }
        catch (JsonException)
        {
            return new ProviderTokens(null, $"{status}", E("The provider's token endpoint answers {0}, and not in JSON.", status));
        }
    }

    private static string Explain(string error, int status) => error switch
    {
        "invalid_client" or "incorrect_client_credentials" or "unauthorized_client" =>
            N("The provider does not accept the portal's client id and secret. An administrator has to enter them anew."),
        "invalid_grant" or "bad_verification_code" => N("The provider does not know this sign-in any more. Begin again at the sign-in page."),
        "redirect_uri_mismatch" => N("The provider does not allow the portal's address to return to. An administrator has to enter it there."),
        _ => E("The provider's token endpoint refuses ({0}).", error.Length > 0 && error.Length < 64 ? error : status),
    };
}
