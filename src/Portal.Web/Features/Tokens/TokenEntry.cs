using Portal.Web.Access.Tokens;

namespace Portal.Web.Features.Tokens;

/// <summary>A token as the list shows one.</summary>
public sealed record TokenEntry
{
    public required Guid Id { get; init; }

    public required string Name { get; init; }

    /// <summary>How it begins.</summary>
    public required string Prefix { get; init; }

    public required Guid OwnerId { get; init; }

    public required string Owner { get; init; }

    public bool OwnerIsServiceAccount { get; init; }

    /// <summary>Null for all that its owner may do.</summary>
    public IReadOnlyList<string>? Permissions { get; init; }

    /// <summary>Null for wherever its owner may do something.</summary>
    public IReadOnlyList<Guid>? NodeIds { get; init; }

    /// <summary>Null for no such limit.</summary>
    public IReadOnlyList<Guid>? EnvironmentIds { get; init; }

    /// <summary>A client certificate for docker, and no text.</summary>
    public bool IsCertificate => Prefix.StartsWith(TokenCertificate.Beginning, StringComparison.Ordinal);

    public DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? ExpiresAt { get; init; }

    public DateTimeOffset? LastUsedAt { get; init; }

    public string? LastUsedFrom { get; init; }
}
