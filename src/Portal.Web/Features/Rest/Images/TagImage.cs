namespace Portal.Web.Features.Rest.Images;

/// <summary>One more name for an image.</summary>
/// <param name="Image">A name of it, or its id.</param>
/// <param name="NewName">The name to give.</param>
internal sealed record TagImage(string Image, string NewName);
