using Microsoft.AspNetCore.Identity;

namespace Portal.Data.Entities;

/// <summary>A person who can sign in, or a service account, which can not.</summary>
public sealed class PortalUser : IdentityUser<Guid>
{
    /// <summary>As it is shown; may be empty, then the user name stands in.</summary>
    public string DisplayName { get; set; } = "";

    /// <summary>True while the password is one that somebody else chose: nothing else works until it is changed.</summary>
    public bool MustChangePassword { get; set; }

    /// <summary>Since when the person may not sign in nor do anything; null for one who may.</summary>
    public DateTimeOffset? DisabledAt { get; set; }

    /// <summary>True for a program: it acts by its API tokens alone.</summary>
    public bool IsServiceAccount { get; set; }

    public DateTimeOffset CreatedAt { get; set; }

    public DateTimeOffset? LastSignInAt { get; set; }
}
