namespace Portal.Web.Features.Deployments.Spreading;

/// <summary>
/// Ids of images by the service, as a deployment keeps them. Of a stack over several nodes they are kept by service and node: the same image
/// has another id on a node of another architecture.
/// </summary>
internal static class NodeImages
{
    /// <summary>Those of one node, by the service.</summary>
    public static IReadOnlyDictionary<string, string> On(IReadOnlyDictionary<string, string> images, Guid node) => images
        .Select(image => (Parts: image.Key.Split('/'), image.Value))
        .Where(image => image.Parts.Length == 1 || image.Parts[1] == $"{node}")
        .ToDictionary(image => image.Parts[0], image => image.Value, StringComparer.Ordinal);

    /// <summary>One of each service, with the node that it is kept for; null for the one node of a stack.</summary>
    public static IEnumerable<(string Service, Guid? Node, string Id)> Each(IReadOnlyDictionary<string, string> images) => images
        .Select(image => (Parts: image.Key.Split('/'), image.Value)).DistinctBy(image => image.Parts[0])
        .Select(image => (image.Parts[0], image.Parts.Length > 1 ? Guid.Parse(image.Parts[1]) : (Guid?)null, image.Value));

    /// <summary>As they are kept.</summary>
    public static IEnumerable<KeyValuePair<string, string>> Keyed(IReadOnlyDictionary<string, string> images, Guid node) =>
        images.Select(image => KeyValuePair.Create($"{image.Key}/{node}", image.Value));
}
