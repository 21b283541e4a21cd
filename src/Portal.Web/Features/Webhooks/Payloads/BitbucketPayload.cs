using System.Text.Json;

namespace Portal.Web.Features.Webhooks.Payloads;

/// <summary>
/// Bitbucket's events: <c>repo:push</c> of Cloud (support.atlassian.com, "Event payloads") and <c>repo:refs_changed</c> of Data Center
/// (confluence.atlassian.com, "Event payload"). One push may hold several branches and tags; neither names files.
/// </summary>
internal static class BitbucketPayload
{
    public static HookMessage Read(string name, JsonElement root) => name switch
    {
        "repo:push" => Of(name, [.. root.Items("push", "changes").Select(OfCloud).OfType<HookEvent>()]),
        "repo:refs_changed" => Of(name, [.. root.Items("changes").Select(OfDataCenter).OfType<HookEvent>()]),
        "diagnostics:ping" => new HookMessage(name, [], N("Bitbucket tried whether the address answers. It does.")),
        "" => throw new HookPayloadException(N("The header X-Event-Key is missing.")),
        _ => new HookMessage(name, [], N("Only pushes do something.")),
    };

    private static HookMessage Of(string name, IReadOnlyList<HookEvent> events) =>
        new(name, events, events.Count == 0 ? N("Branches or tags were deleted.") : "");

    // 'new' is null for what was deleted.
    private static HookEvent? OfCloud(JsonElement change)
    {
        var (name, commit) = (change.Text("new", "name"), change.Text("new", "target", "hash"));
        return name.Length == 0 ? null : change.Text("new", "type") switch
        {
            "branch" or "named_branch" => new HookEvent(HookEventKind.Push, name, commit),
            "tag" or "annotated_tag" => new HookEvent(HookEventKind.Tag, name, commit),
            _ => null,
        };
    }

    private static HookEvent? OfDataCenter(JsonElement change)
    {
        var (name, commit) = (change.Text("ref", "displayId"), change.Text("toHash"));
        return name.Length == 0 || change.Text("type") == "DELETE" ? null : change.Text("ref", "type") switch
        {
            "BRANCH" => new HookEvent(HookEventKind.Push, name, commit),
            "TAG" => new HookEvent(HookEventKind.Tag, name, commit),
            _ => null,
        };
    }
}
