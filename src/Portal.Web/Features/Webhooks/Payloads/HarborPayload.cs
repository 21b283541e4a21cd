using System.Text.Json;
using Portal.Web.Features.Registries.Storage;

namespace Portal.Web.Features.Webhooks.Payloads;

/// <summary>
/// Harbor's events in both of its forms (goharbor.io, "Configure Webhook Notifications"): its own, and CloudEvents. What was pushed by digest
/// alone has that digest for a tag.
/// </summary>
internal static class HarborPayload
{
    public static HookMessage Read(JsonElement root) => root.Text("type") switch
    {
        "PUSH_ARTIFACT" => Pushed(root.At("event_data")),
        "harbor.artifact.pushed" => Pushed(root.At("data")),
        "" => throw new HookPayloadException(N("The body has no 'type', which all of Harbor's have.")),
        var type => new HookMessage(type, [], N("Only pushed artifacts do something.")),
    };

    private static HookMessage Pushed(JsonElement data)
    {
        var repository = data.Text("repository", "repo_full_name");
        if (repository.Length == 0)
        {
            throw new HookPayloadException(N("The body names no repository, which all of Harbor's pushes do."));
        }

        var events = data.Items("resources")
            .Select(resource => (Tag: resource.Text("tag"), Digest: resource.Text("digest"), Url: resource.Text("resource_url")))
            .Where(resource => resource.Tag.Length > 0 && !resource.Tag.Contains(':', StringComparison.Ordinal))
            .Select(resource => new HookEvent(HookEventKind.Image, resource.Tag, resource.Digest)
            {
                Registry = HostOf(resource.Url),
                Repository = repository,
            })
            .ToList();
        return new HookMessage("push", events, events.Count == 0 ? N("No image was pushed under a tag.") : "");
    }

    private static string HostOf(string url) =>
        url.IndexOf('/', StringComparison.Ordinal) is > 0 and var slash ? RegistryHost.Normalize(url[..slash]) ?? "" : "";
}
