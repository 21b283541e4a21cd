namespace Portal.Web.Features.Tokens;

/// <summary>A token to make.</summary>
public sealed record TokenInput
{
    public const int LongestName = 64;

    public required string Name { get; init; }

    /// <summary>For whom; null for whoever makes it.</summary>
    public Guid? OwnerId { get; init; }

    /// <summary>What it may do at most; null for all that its owner may do.</summary>
    public IReadOnlyList<string>? Permissions { get; init; }

    /// <summary>On which nodes at most; null for all.</summary>
    public IReadOnlyList<Guid>? NodeIds { get; init; }

    /// <summary>In which environments at most, besides those nodes; null for no such limit.</summary>
    public IReadOnlyList<Guid>? EnvironmentIds { get; init; }

    /// <summary>True for a client certificate for docker in place of a text.</summary>
    public bool AsCertificate { get; init; }

    /// <summary>How long it is good for; null for until it is revoked.</summary>
    public TimeSpan? Lifetime { get; init; }
}
