namespace Portal.Engine.Images;

/// <summary>An image that a load brought.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Name">The name that the archive gave it, or null.</param>
public sealed record LoadedImage(string Id, string? Name);
