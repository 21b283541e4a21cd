namespace Portal.Data.Entities;

/// <summary>Somebody who was asked in and has not come yet.</summary>
public sealed class Invitation
{
    public Guid Id { get; set; }

    /// <summary>SHA-256 of the link's secret, which is kept nowhere.</summary>
    public byte[] TokenHash { get; set; } = [];

    /// <summary>Whom it is for, in the words of who made it.</summary>
    public string Note { get; set; } = "";

    /// <summary>The role that whoever takes it up gets, as a <see cref="Grant"/> names it; empty for none.</summary>
    public string Role { get; set; } = "";

    /// <summary>The role when it is a <see cref="Access.CustomRole"/>; the invitation goes with it.</summary>
    public Guid? RoleId { get; set; }

    /// <summary>On which environment; null for everything and for a node.</summary>
    public Guid? EnvironmentId { get; set; }

    /// <summary>On which node; null for everything and for an environment.</summary>
    public Guid? NodeId { get; set; }

    /// <summary>The team that they are put into; null for none.</summary>
    public Guid? TeamId { get; set; }

    public Guid CreatedBy { get; set; }

    public DateTimeOffset CreatedAt { get; set; }

    public DateTimeOffset ExpiresAt { get; set; }
}
