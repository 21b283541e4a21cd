using System.Net.Http.Headers;
using System.Text.Json;

namespace Portal.Web.Identity.Providers.Protocol;

/// <summary>Asks a provider in the name of who signs in.</summary>
internal sealed class ProviderCalls(HttpClient http, string accessToken)
{
    /// <exception cref="ProviderException">It does not answer, or not in JSON.</exception>
    public async Task<JsonElement> GetAsync(string address, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", accessToken);
        request.Headers.Accept.ParseAdd("application/json");
        request.Headers.UserAgent.ParseAdd("Portal");
        try
        {
            using var answer = await http.SendAsync(request, cancellationToken);
            if (!answer.IsSuccessStatusCode)
            {
                throw new ProviderException(
                    E("The provider answers {0} when it is asked who signed in. "
                    + "Does its application allow what is asked for?", (int)answer.StatusCode));
            }

            using var document = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(cancellationToken));
            return document.RootElement.Clone();
        }
        catch (JsonException failure)
        {
            throw new ProviderException(N("The provider does not say in JSON who signed in."), failure);
        }
        catch (Exception failure) when (ProviderDocuments.ProblemOf(failure) is { } problem)
        {
            throw new ProviderException(E("The provider can't be asked who signed in: {0:said}", problem), failure);
        }
    }
}
