using System.Text.Json;

namespace Portal.Web.Features.Webhooks.Payloads;

/// <summary>
/// GitLab's events (docs.gitlab.com, "Webhook events": push, tag, release). At most 20 commits stand in a push; <c>total_commits_count</c> tells
/// how many there are.
/// </summary>
internal static class GitLabPayload
{
    public static HookMessage Read(string name, JsonElement root) => root.Text("object_kind") switch
    {
        "push" or "tag_push" => GitRefs.Push(Named(name, "push"), root, root.Number("total_commits_count")),
        "release" when root.Text("action") == "create" && root.Text("tag") is { Length: > 0 } tag =>
            new HookMessage(Named(name, "release"), [new HookEvent(HookEventKind.Release, tag, root.Text("commit", "id"))]),
        "" => throw new HookPayloadException(N("The body has no 'object_kind', which all of GitLab's have.")),
        var kind => new HookMessage(Named(name, kind), [], N("Only pushes, tags and new releases do something.")),
    };

    private static string Named(string name, string kind) => name.Length > 0 ? name : kind;
}
