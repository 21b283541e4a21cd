namespace Portal.Data.Entities;

/// <summary>A registry that the portal knows, with a login where it needs one.</summary>
public sealed class Registry
{
    public Guid Id { get; set; }

    /// <summary><c>host[:port]</c> in lower case; <c>docker.io</c> for Docker Hub.</summary>
    public string Host { get; set; } = "";

    /// <summary>The account; empty where there is none.</summary>
    public string UserName { get; set; } = "";

    /// <summary>The password or token, encrypted; null where there is none.</summary>
    public string? Secret { get; set; }

    public DateTimeOffset CreatedAt { get; set; }

    public DateTimeOffset UpdatedAt { get; set; }
}
