using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.WebUtilities;

namespace Portal.Web.Features.Webhooks.Payloads;

/// <summary>Reads the bodies of providers. Only those of senders that proved themselves come here.</summary>
internal static class PayloadReader
{
    public const int Depth = 32;
    private const string FormType = "application/x-www-form-urlencoded";

    private static readonly JsonDocumentOptions s_strict = new()
    {
        MaxDepth = Depth,
        AllowTrailingCommas = false,
        CommentHandling = JsonCommentHandling.Disallow,
        AllowDuplicateProperties = false,
    };

    /// <summary>Reads a body.</summary>
    /// <param name="provider">Whose.</param>
    /// <param name="headers">The request's headers, by lower-case name.</param>
    /// <param name="body">As it came.</param>
    /// <exception cref="HookPayloadException">It is not what that provider sends.</exception>
    public static HookMessage Read(HookProvider provider, IReadOnlyDictionary<string, string> headers, ReadOnlyMemory<byte> body)
    {
        var json = TypeOf(headers) == FormType ? FromForm(provider, body) : body;
        var root = Parse(json);
        var message = provider switch
        {
            HookProvider.GitHub => GitHubPayload.Read(headers.GetValueOrDefault("x-github-event", ""), root),
            HookProvider.GitLab => GitLabPayload.Read(headers.GetValueOrDefault("x-gitlab-event", ""), root),
            HookProvider.Gitea => GiteaPayload.Read(
                headers.GetValueOrDefault("x-gitea-event") ?? headers.GetValueOrDefault("x-forgejo-event", ""), root),
            HookProvider.Bitbucket => BitbucketPayload.Read(headers.GetValueOrDefault("x-event-key", ""), root),
            HookProvider.DockerHub => DockerHubPayload.Read(root),
            HookProvider.Distribution => DistributionPayload.Read(root),
            HookProvider.Harbor => HarborPayload.Read(root),
            HookProvider.GitHubPackages => GitHubPackagePayload.Read(headers.GetValueOrDefault("x-github-event", ""), root),
            HookProvider.Azure => DistributionPayload.ReadAzure(root),
            _ => new HookMessage("call", [new HookEvent(HookEventKind.Call, "", "")]),
        };
        return message with { Root = root };
    }

    /// <summary>The media type of the body, without parameters.</summary>
    public static string TypeOf(IReadOnlyDictionary<string, string> headers) =>
        headers.GetValueOrDefault("content-type", "").Split(';')[0].Trim().ToLowerInvariant();

    private static JsonElement Parse(ReadOnlyMemory<byte> json)
    {
        try
        {
            using var document = JsonDocument.Parse(json, s_strict);
            return document.RootElement.Clone();
        }
        catch (Exception failure) when (failure is JsonException or InvalidOperationException)
        {
            // The second for a name that is no Unicode, found where names are compared.
            throw new HookPayloadException(
                E("The body is no JSON as it is read here (strict, without doubled members, at most {0} levels deep).", Depth), failure);
        }
    }

    // GitHub's older form: one field whose value is the JSON. The signature covers the form as it is.
    private static ReadOnlyMemory<byte> FromForm(HookProvider provider, ReadOnlyMemory<byte> body)
    {
        if (provider is not (HookProvider.GitHub or HookProvider.GitHubPackages))
        {
            throw new HookPayloadException(N("Only GitHub's forms are read. Set the content type to application/json there."));
        }

        var fields = QueryHelpers.ParseQuery(Encoding.UTF8.GetString(body.Span));
        return fields.TryGetValue("payload", out var payload) && payload.Count == 1
            ? Encoding.UTF8.GetBytes(payload[0]!)
            : throw new HookPayloadException(N("The form has no field 'payload'. Set the content type to application/json there."));
    }
}
