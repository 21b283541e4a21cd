using System.Collections.Frozen;

namespace Portal.Web.Access;

/// <summary>A named set of permissions.</summary>
/// <param name="Name">As grants refer to it.</param>
/// <param name="Description">For whoever chooses one.</param>
/// <param name="Permissions">What it allows.</param>
public sealed record Role(string Name, string Description, FrozenSet<string> Permissions);
