namespace Portal.Web.Access;

/// <summary>Somebody tried what no grant of theirs covers.</summary>
public sealed class AccessDeniedException(string permission)
    : Exception($"You do not have the permission '{permission}' here. Ask an administrator for a role that includes it.")
{
    public string Permission { get; } = permission;
}
