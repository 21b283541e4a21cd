using System.Collections.Frozen;
using Microsoft.EntityFrameworkCore;
using Portal.Data;

namespace Portal.Web.Access.Tokens;

/// <summary>
/// What a token may do at most. It gives nothing: its owner's grants do, as they are at that moment, and this takes away from them.
/// </summary>
/// <param name="Permissions">The permissions that are left, or null for all.</param>
/// <param name="Nodes">The nodes that are left, those of its environments too; null for everything.</param>
/// <param name="Environments">
/// The environments that are left, null for everything. With any of both nothing is left that belongs to neither.
/// </param>
internal sealed record TokenLimit(FrozenSet<string>? Permissions, FrozenSet<Guid>? Nodes, FrozenSet<Guid>? Environments = null)
{
    /// <summary>Of a token that is no good any more.</summary>
    public static TokenLimit Nothing { get; } = new([], [], []);

    /// <summary>Whether it is good for some places alone.</summary>
    public bool IsOfPlaces => Nodes is not null || Environments is not null;

    /// <summary>The places that are left, when it is good for some alone.</summary>
    public IEnumerable<AccessScope> Places =>
        (Nodes ?? []).Select(AccessScope.Node).Concat((Environments ?? []).Select(AccessScope.Environment));

    /// <summary>As the token stands in the database now: <see cref="Nothing"/> once it was revoked, has expired or is gone.</summary>
    public static async Task<TokenLimit> ReadAsync(
        PortalDbContext context, Guid tokenId, Guid userId, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var token = await context.ApiTokens.AsNoTracking()
            .Where(token => token.Id == tokenId && token.UserId == userId && token.RevokedAt == null)
            .Where(token => token.ExpiresAt == null || token.ExpiresAt > now)
            .Select(token => new { token.Permissions, token.NodeIds, token.EnvironmentIds })
            .SingleOrDefaultAsync(cancellationToken);
        if (token is null)
        {
            return Nothing;
        }

        if (token.EnvironmentIds is not { } environments)
        {
            return new TokenLimit(token.Permissions?.ToFrozenSet(), token.NodeIds?.ToFrozenSet());
        }

        // Read with each decision: a node that was moved away is not reached any more.
        var nodes = await context.Nodes.AsNoTracking()
            .Where(node => node.EnvironmentId != null && environments.Contains(node.EnvironmentId.Value))
            .Select(node => node.Id)
            .ToListAsync(cancellationToken);
        return new TokenLimit(
            token.Permissions?.ToFrozenSet(), nodes.Concat(token.NodeIds ?? []).ToFrozenSet(), environments.ToFrozenSet());
    }

    public bool Covers(string permission, AccessScope scope) => CoversSomewhere(permission)
        && (!IsOfPlaces
            || (scope.NodeId is { } node && Nodes?.Contains(node) == true)
            || (scope.EnvironmentId is { } environment && Environments?.Contains(environment) == true));

    public bool CoversSomewhere(string permission) => Permissions?.Contains(permission) != false;
}
