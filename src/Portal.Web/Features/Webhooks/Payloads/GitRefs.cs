using System.Text.Json;

namespace Portal.Web.Features.Webhooks.Payloads;

/// <summary>What pushes of GitHub, GitLab, Gitea and Forgejo have in common.</summary>
internal static class GitRefs
{
    private const string Heads = "refs/heads/";
    private const string Tags = "refs/tags/";

    /// <summary>The push of a branch or a tag.</summary>
    /// <param name="name">What the sender calls the event.</param>
    /// <param name="root">With <c>ref</c>, <c>after</c> and <c>commits</c>.</param>
    /// <param name="total">How many commits there are; those that stand there may be fewer.</param>
    public static HookMessage Push(string name, JsonElement root, long? total)
    {
        var (reference, after) = (root.Text("ref"), root.Text("after"));
        if (IsZero(after) || root.IsTrue("deleted"))
        {
            return new HookMessage(name, [], N("A branch or tag was deleted."));
        }

        if (reference.StartsWith(Tags, StringComparison.Ordinal))
        {
            return new HookMessage(name, [new HookEvent(HookEventKind.Tag, reference[Tags.Length..], after)]);
        }

        return reference.StartsWith(Heads, StringComparison.Ordinal)
            ? new HookMessage(name, [new HookEvent(HookEventKind.Push, reference[Heads.Length..], after) { Paths = PathsOf(root, total) }])
            : throw new HookPayloadException(N("The push names neither a branch nor a tag in 'ref'."));
    }

    /// <summary>A commit that is none: of a branch before it is made, or after it is deleted.</summary>
    public static bool IsZero(string commit) => commit.Length >= 40 && commit.All(letter => letter == '0');

    // Of a new or rewritten branch the commits that stand there are not all that differs from before.
    private static List<string>? PathsOf(JsonElement root, long? total)
    {
        var commits = root.Items("commits").ToList();
        if (commits.Count == 0 || (total is { } all && all != commits.Count)
            || root.IsTrue("forced") || IsZero(root.Text("before")))
        {
            return null;
        }

        return [.. commits.SelectMany(commit => commit.Items("added").Concat(commit.Items("modified")).Concat(commit.Items("removed")))
            .Select(path => path.AsText())
            .OfType<string>()
            .Distinct(StringComparer.Ordinal)];
    }
}
