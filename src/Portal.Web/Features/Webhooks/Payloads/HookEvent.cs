namespace Portal.Web.Features.Webhooks.Payloads;

/// <summary>One thing that a delivery says has happened.</summary>
/// <param name="Kind">What.</param>
/// <param name="Name">The branch, the tag, or for an image its tag.</param>
/// <param name="Commit">The commit; for an image the digest; empty where it is not said.</param>
internal sealed record HookEvent(HookEventKind Kind, string Name, string Commit)
{
    /// <summary>Which files a push changed; null where that is not said, or not of all of them.</summary>
    public IReadOnlyList<string>? Paths { get; init; }

    /// <summary>The repository of an image, without a host: <c>library/nginx</c>.</summary>
    public string Repository { get; init; } = "";

    /// <summary>The registry of an image; empty where the sender does not say by what name it is reached.</summary>
    public string Registry { get; init; } = "";

    /// <summary>In a few words.</summary>
    public string Text => Kind switch
    {
        HookEventKind.Push => Short.Length > 0 ? E("push to {0} ({1:name})", Name, Short) : E("push to {0:name}", Name),
        HookEventKind.Tag => E("tag {0}", Name),
        HookEventKind.Release => E("release {0}", Name),
        HookEventKind.Image => E("image {0:name}", Registry.Length > 0 ? $"{Registry}/{Repository}:{Name}" : $"{Repository}:{Name}"),
        _ => "call",
    };

    private string Short => Commit.Length > 12 ? Commit[..12] : Commit;
}
