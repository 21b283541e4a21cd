namespace Portal.Engine.Distribution.Signatures;

/// <summary>An image of the engine that something is about to be made of.</summary>
/// <param name="Asked">How it was asked for: a name or an id.</param>
/// <param name="Id">Its id.</param>
/// <param name="Names">All of its names, tags and repository digests alike.</param>
public sealed record UsedImage(string Asked, string Id, IReadOnlyList<string> Names);
