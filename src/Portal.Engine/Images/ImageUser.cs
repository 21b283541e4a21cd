namespace Portal.Engine.Images;

/// <summary>A container that uses an image.</summary>
/// <param name="ContainerId">The container's id.</param>
/// <param name="Running">True when it runs or is paused: then the image can't be removed even by force.</param>
/// <param name="Name">The container's name; empty for one that is still being made.</param>
public sealed record ImageUser(string ContainerId, bool Running, string Name = "");
