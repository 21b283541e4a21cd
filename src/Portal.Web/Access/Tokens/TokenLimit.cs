using System.Collections.Frozen;
using Microsoft.EntityFrameworkCore;
using Portal.Data;

namespace Portal.Web.Access.Tokens;

/// <summary>
/// What a token may do at most. It gives nothing: its owner's grants do, as they are at that moment, and this takes away from them.
/// </summary>
/// <param name="Permissions">The permissions that are left, or null for all.</param>
/// <param name="Nodes">The nodes that are left, or null for everything. With nodes named nothing is left that belongs to no node.</param>
internal sealed record TokenLimit(FrozenSet<string>? Permissions, FrozenSet<Guid>? Nodes)
{
    /// <summary>Of a token that is no good any more.</summary>
    public static TokenLimit Nothing { get; } = new([], []);

    /// <summary>As the token stands in the database now: <see cref="Nothing"/> once it was revoked, has expired or is gone.</summary>
    public static async Task<TokenLimit> ReadAsync(
        PortalDbContext context, Guid tokenId, Guid userId, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var token = await context.ApiTokens.AsNoTracking()
            .Where(token => token.Id == tokenId && token.UserId == userId && token.RevokedAt == null)
            .Where(token => token.ExpiresAt == null || token.ExpiresAt > now)
            .Select(token => new { token.Permissions, token.NodeIds })
            .SingleOrDefaultAsync(cancellationToken);
        return token is null ? Nothing : new TokenLimit(token.Permissions?.ToFrozenSet(), token.NodeIds?.ToFrozenSet());
    }

    public bool Covers(string permission, AccessScope scope) =>
        CoversSomewhere(permission) && (Nodes is null || (scope.NodeId is { } node && Nodes.Contains(node)));

    public bool CoversSomewhere(string permission) => Permissions?.Contains(permission) != false;
}
