namespace Portal.Contracts.Permissions;

/// <summary>A permission, for people to read.</summary>
/// <param name="Name">One of <see cref="PermissionNames"/>.</param>
/// <param name="Title">In two or three words.</param>
/// <param name="Description">What it allows.</param>
/// <param name="OnNodes">
/// True when it is used on a node, so that a grant on an environment or on one node gives it there; false for what is done on the portal
/// as a whole, which takes a grant on everything.
/// </param>
/// <param name="OnStacks">True when it is used on a stack too, so that a grant on one stack gives it there.</param>
public sealed record Permission(string Name, string Title, string Description, bool OnNodes = true, bool OnStacks = false);
