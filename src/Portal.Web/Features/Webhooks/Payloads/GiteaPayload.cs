using System.Text.Json;

namespace Portal.Web.Features.Webhooks.Payloads;

/// <summary>
/// Events of Gitea and Forgejo (docs.gitea.com and forgejo.org, "Webhooks"). A new tag is told of by <c>push</c> and by <c>create</c>: the push counts.
/// </summary>
internal static class GiteaPayload
{
    public static HookMessage Read(string name, JsonElement root) => name switch
    {
        "push" => GitRefs.Push(name, root, root.Number("total_commits")),
        "release" when root.Text("action") == "published" && root.Text("release", "tag_name") is { Length: > 0 } tag =>
            new HookMessage(name, [new HookEvent(HookEventKind.Release, tag, "")]),
        "" => throw new HookPayloadException(N("The header X-Gitea-Event is missing.")),
        _ => new HookMessage(name, [], N("Only pushes and published releases do something.")),
    };
}
