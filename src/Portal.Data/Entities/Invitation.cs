namespace Portal.Data.Entities;

/// <summary>Somebody who was asked in and has not come yet.</summary>
public sealed class Invitation
{
    public Guid Id { get; set; }

    /// <summary>SHA-256 of the link's secret, which is kept nowhere.</summary>
    public byte[] TokenHash { get; set; } = [];

    /// <summary>Whom it is for, in the words of who made it.</summary>
    public string Note { get; set; } = "";

    /// <summary>The role that whoever takes it up gets.</summary>
    public string Role { get; set; } = "";

    /// <summary>On which node; null for everything.</summary>
    public Guid? NodeId { get; set; }

    public Guid CreatedBy { get; set; }

    public DateTimeOffset CreatedAt { get; set; }

    public DateTimeOffset ExpiresAt { get; set; }
}
