namespace Portal.Web.Features.Registries;

/// <summary>A registry as the list shows one. Its secret is not part of it.</summary>
public sealed record RegistryEntry
{
    public required Guid Id { get; init; }

    /// <summary><c>host[:port]</c>.</summary>
    public required string Host { get; init; }

    /// <summary>The account; empty where there is none.</summary>
    public string UserName { get; init; } = "";

    /// <summary>True when the portal can log in to it.</summary>
    public bool HasLogin { get; init; }

    public DateTimeOffset UpdatedAt { get; init; }
}
