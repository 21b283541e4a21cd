namespace Portal.Web.Nodes.Storage;

/// <summary>A join token as the database has it.</summary>
internal sealed record StoredJoinToken(
    Guid Id,
    byte[] SecretHash,
    string Note,
    int UsesLeft,
    DateTimeOffset ExpiresAt,
    IReadOnlyDictionary<string, string> Labels,
    Guid CreatedBy,
    DateTimeOffset CreatedAt,
    Guid? EnvironmentId,
    bool Confirm);
