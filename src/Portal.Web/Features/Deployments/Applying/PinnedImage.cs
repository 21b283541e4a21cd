using Portal.Web.Features.Webhooks.Work;

namespace Portal.Web.Features.Deployments.Applying;

/// <summary>
/// An image that is fixed for a service: <c>repository@sha256:…</c> as it is in a registry, or the id of one that is on the node and
/// came from
/// none.
/// </summary>
internal static class PinnedImage
{
    /// <summary>The name of what a tag stands for.</summary>
    public static string Of(string image, string digest) => $"{RepositoryOf(image)}@{digest}";

    public static bool IsOfTheNode(string pin) => pin.StartsWith("sha256:", StringComparison.Ordinal);

    /// <summary>Whether a name says by a digest or an id what it stands for.</summary>
    public static bool IsFixed(string image) => IsOfTheNode(image) || image.Contains('@', StringComparison.Ordinal);

    /// <summary>Repository and tag, as people wrote them; null where a name has no tag because it is fixed.</summary>
    public static (string Repository, string Tag)? TagOf(string image) =>
        IsFixed(image) ? null : (RepositoryOf(image), StackImage.Parse(image).Tag);

    // Without tag and digest, as people wrote it.
    private static string RepositoryOf(string image)
    {
        var digest = image.IndexOf('@', StringComparison.Ordinal);
        var name = digest < 0 ? image : image[..digest];
        var colon = name.LastIndexOf(':');
        return colon > name.LastIndexOf('/') ? name[..colon] : name;
    }
}
