using System.Text.Json;
using Portal.Web.Features.Registries.Storage;

namespace Portal.Web.Features.Webhooks.Payloads;

/// <summary>
/// The events of distribution (distribution.github.io, "Notifications"): an envelope with any number of them, those of layers and pulls among
/// them; and Azure's (learn.microsoft.com, "Azure Container Registry webhook reference"), which are of the same shape, one at a time.
/// </summary>
internal static class DistributionPayload
{
    public static HookMessage Read(JsonElement root)
    {
        if (root.At("events").ValueKind != JsonValueKind.Array)
        {
            throw new HookPayloadException(N("The body has no list 'events', which all of the registry's have."));
        }

        return Of([.. root.Items("events").Select(ReadEvent).OfType<HookEvent>()]);
    }

    public static HookMessage ReadAzure(JsonElement root) => root.Text("action") switch
    {
        "" => throw new HookPayloadException(N("The body has no 'action', which all of the registry's have.")),
        "ping" => new HookMessage("ping", [], N("Azure tried whether the address answers. It does.")),
        _ => Of(ReadEvent(root) is { } one ? [one] : []),
    };

    private static HookMessage Of(IReadOnlyList<HookEvent> events) =>
        new("push", [.. events.Distinct()], events.Count == 0 ? N("No image was pushed under a tag.") : "");

    private static HookEvent? ReadEvent(JsonElement element)
    {
        var (repository, tag) = (element.Text("target", "repository"), element.Text("target", "tag"));
        return element.Text("action") != "push" || repository.Length == 0 || tag.Length == 0 ? null
            : new HookEvent(HookEventKind.Image, tag, element.Text("target", "digest"))
            {
                Registry = RegistryHost.Normalize(element.Text("request", "host")) ?? "",
                Repository = repository,
            };
    }
}
