using System.Text.Json;

namespace Portal.Web.Features.Webhooks.Payloads;

/// <summary>GitHub's events (docs.github.com, "Webhook events and payloads": ping, push, release).</summary>
internal static class GitHubPayload
{
    // The array of commits holds at most so many.
    private const int MostCommits = 2048;

    public static HookMessage Read(string name, JsonElement root) => name switch
    {
        "ping" => new HookMessage(name, [], N("GitHub tried whether the address answers. It does.")),
        "push" => GitRefs.Push(name, root, root.Items("commits").Count() < MostCommits ? null : -1),

        // A release is told of several times: made, published, released. One counts.
        "release" when root.Text("action") == "published" && root.Text("release", "tag_name") is { Length: > 0 } tag =>
            new HookMessage(name, [new HookEvent(HookEventKind.Release, tag, "")]),
        "" => throw new HookPayloadException(N("The header X-GitHub-Event is missing.")),
        _ => new HookMessage(name, [], N("Only pushes and published releases do something.")),
    };
}
