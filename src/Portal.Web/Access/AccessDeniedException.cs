namespace Portal.Web.Access;

/// <summary>Somebody tried what no grant of theirs covers, or what a policy forbids.</summary>
public class AccessDeniedException : Exception
{
    public AccessDeniedException(string permission)
        : this(permission, E("You do not have the permission '{0}' here. Ask an administrator for a role that includes it.", permission))
    {
    }

    protected AccessDeniedException(string permission, string message)
        : base(message)
    {
        Permission = permission;
    }

    /// <summary>The one that would allow it.</summary>
    public string Permission { get; }
}
