namespace Portal.Contracts.Permissions;

/// <summary>Permissions that belong together.</summary>
/// <param name="Title">What they are about.</param>
/// <param name="Description">In one sentence.</param>
/// <param name="Permissions">In the order in which they are shown.</param>
public sealed record PermissionGroup(string Title, string Description, IReadOnlyList<Permission> Permissions);
