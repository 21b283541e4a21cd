namespace Portal.Web.Features.Rest.Files;

/// <summary>A path, absolute.</summary>
internal sealed record FilePlace(string Path);
