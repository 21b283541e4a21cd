namespace Portal.Web.Features.Rest.Images;

/// <summary>An image to pull.</summary>
/// <param name="Image">Its name.</param>
/// <param name="Platform"><c>os/architecture[/variant]</c>; empty for the node's own.</param>
internal sealed record PullImage(string Image, string Platform = "");
