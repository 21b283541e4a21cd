namespace Portal.Engine.Images.Store;

/// <summary>An image with how it was found: by a name, by a repository digest, or (neither) by its id.</summary>
internal sealed record ImageMatch(ImageRecord Image, string? Name, string? RepositoryDigest);
