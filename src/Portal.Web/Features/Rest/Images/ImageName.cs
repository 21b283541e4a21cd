namespace Portal.Web.Features.Rest.Images;

/// <summary>An image: a name of it, or its id.</summary>
internal sealed record ImageName(string Image);
