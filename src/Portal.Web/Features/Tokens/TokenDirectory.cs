using System.Security.Claims;
using Microsoft.EntityFrameworkCore;
using Portal.Contracts.Permissions;
using Portal.Data;
using Portal.Data.Entities;
using Portal.Web.Access;
using Portal.Web.Access.Changes;
using Portal.Web.Access.Tokens;
using Portal.Web.Audit;
using Portal.Web.Nodes.Tls;

namespace Portal.Web.Features.Tokens;

/// <summary>
/// Lists, makes and revokes API tokens. Whoever has <c>tokens.create</c> anywhere makes their own, <c>tokens.manage</c> is for seeing and revoking
/// those of others, <c>service_accounts.manage</c> for making those of service accounts. Nobody makes one in another person's name.
/// </summary>
/// <remarks>Singleton; any thread.</remarks>
public sealed class TokenDirectory(
    IDbContextFactory<PortalDbContext> contexts, IAuthorizer authorizer, IAuditLog audit, TimeProvider time, PortalTlsOptions tls)
{
    private const int MostOfOne = 100;
    private const int MostPlaces = 1000;
    private static readonly TimeSpan s_longest = TimeSpan.FromDays(3650);

    /// <summary>The tokens that are still good: one's own, or everybody's.</summary>
    /// <exception cref="AccessDeniedException">Everybody's are for administrators.</exception>
    public async Task<IReadOnlyList<TokenEntry>> ListAsync(ClaimsPrincipal user, bool everybodys, CancellationToken cancellationToken)
    {
        var userId = user.UserId() ?? Guid.Empty;
        if (everybodys)
        {
            await authorizer.EnsureAsync(user, PermissionNames.TokensManage, AccessScope.Everything, cancellationToken);
        }

        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        return await context.ApiTokens.AsNoTracking()
            .Where(token => token.RevokedAt == null && (everybodys || token.UserId == userId))
            .Join(context.Users, token => token.UserId, owner => owner.Id, (token, owner) => new { token, owner })
            .OrderByDescending(pair => pair.token.CreatedAt)
            .Select(pair => new TokenEntry
            {
                Id = pair.token.Id,
                Name = pair.token.Name,
                Prefix = pair.token.Prefix,
                OwnerId = pair.owner.Id,
                Owner = pair.owner.UserName!,
                OwnerIsServiceAccount = pair.owner.IsServiceAccount,
                Permissions = pair.token.Permissions,
                NodeIds = pair.token.NodeIds,
                EnvironmentIds = pair.token.EnvironmentIds,
                CreatedAt = pair.token.CreatedAt,
                ExpiresAt = pair.token.ExpiresAt,
                LastUsedAt = pair.token.LastUsedAt,
                LastUsedFrom = pair.token.LastUsedFrom,
            })
            .ToListAsync(cancellationToken);
    }

    /// <summary>The service accounts that one may make tokens for: none but for administrators.</summary>
    public async Task<IReadOnlyList<ServiceAccount>> ListServiceAccountsAsync(ClaimsPrincipal user, CancellationToken cancellationToken)
    {
        if (!await authorizer.IsAllowedAsync(user, PermissionNames.ServiceAccountsManage, AccessScope.Everything, cancellationToken))
        {
            return [];
        }

        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        return await context.Users.AsNoTracking()
            .Where(account => account.IsServiceAccount && account.DisabledAt == null)
            .OrderBy(account => account.NormalizedUserName)
            .Select(account => new ServiceAccount(account.Id, account.UserName!))
            .ToListAsync(cancellationToken);
    }

    /// <summary>Makes a token. Its text is in the answer and nowhere else.</summary>
    /// <exception cref="AccessDeniedException">The user may not make one, or not for that account; or a token asks.</exception>
    public async Task<TokenChange> CreateAsync(ClaimsPrincipal user, TokenInput input, CancellationToken cancellationToken)
    {
        var actor = await EnsureInSessionAsync(user, "token.create", cancellationToken);
        var ownerId = input.OwnerId ?? actor.UserId;
        if (ownerId != actor.UserId)
        {
            await authorizer.EnsureAsync(user, PermissionNames.ServiceAccountsManage, AccessScope.Everything, cancellationToken);
        }
        else if (!(await authorizer.ReadAccessAsync(user, cancellationToken)).AllowsSomewhere(PermissionNames.TokensCreate))
        {
            // By a role on one node as well: the token can't do more than that.
            await authorizer.EnsureAsync(user, PermissionNames.TokensCreate, AccessScope.Everything, cancellationToken);
        }

        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var owner = await context.Users.AsNoTracking().SingleOrDefaultAsync(person => person.Id == ownerId, cancellationToken);
        if (owner is null || (ownerId != actor.UserId && !owner.IsServiceAccount))
        {
            return new TokenChange(N("There is no such service account any more."));
        }

        // A token of an account is all that the account may do.
        var own = await authorizer.ReadAccessAsync(user, cancellationToken);
        var theirs = await DatabaseAuthorizer.ReadGrantedAsync(context, ownerId, cancellationToken);
        if (Validate(input) is { } problem || (problem = HandingOut.RefuseToTouch(own, theirs)) is not null)
        {
            return new TokenChange(problem);
        }

        if (await context.ApiTokens.CountAsync(token => token.UserId == ownerId && token.RevokedAt == null, cancellationToken) >= MostOfOne)
        {
            return new TokenChange(E("{0} has {1} tokens. Revoke those that nothing uses any more.", owner.UserName, MostOfOne));
        }

        if (input.AsCertificate && tls.DockerAddress is null)
        {
            return new TokenChange(N("This portal has no address for client certificates: whoever runs it sets one with PORTAL_DOCKER_TLS."));
        }

        var (token, text, certificate) = Make(input, owner, actor.UserId);
        context.ApiTokens.Add(token);
        await context.SaveChangesAsync(cancellationToken);
        await RecordAsync(actor, "token.create", token, $"for {owner.UserName}, {Describe(token)}");
        return new TokenChange(null, text, certificate);
    }

    /// <summary>Ends a token at once: what goes on by it is broken off.</summary>
    /// <exception cref="AccessDeniedException">It is somebody else's, and that is for administrators; or a token asks.</exception>
    public async Task<TokenChange> RevokeAsync(ClaimsPrincipal user, Guid tokenId, CancellationToken cancellationToken)
    {
        var actor = await EnsureInSessionAsync(user, "token.revoke", cancellationToken);
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var token = await context.ApiTokens
            .SingleOrDefaultAsync(token => token.Id == tokenId && token.RevokedAt == null, cancellationToken);

        // Whether there is one of another person's is not for everybody to know.
        if (token?.UserId != actor.UserId)
        {
            await authorizer.EnsureAsync(user, PermissionNames.TokensManage, AccessScope.Everything, cancellationToken);
        }

        if (token is null)
        {
            return new TokenChange(N("This token is revoked already."));
        }

        token.RevokedAt = time.GetUtcNow();
        await context.SaveChangesAsync(cancellationToken);
        await RecordAsync(actor, "token.revoke", token, $"{token.Prefix}…");
        return new TokenChange(null);
    }

    // A token that could make tokens would outlive its own revocation, and its limits.
    private async Task<Actor> EnsureInSessionAsync(ClaimsPrincipal user, string action, CancellationToken cancellationToken)
    {
        var actor = user.ToActor();
        if (user.UserId() is not null && user.TokenIdOf() is null)
        {
            return actor;
        }

        await audit.WriteAsync(new AuditEntry(actor, action, "token", "", "", null, AuditOutcome.Denied), cancellationToken);
        throw new AccessDeniedException(action);
    }

    private static string? Validate(TokenInput input)
    {
        var known = BuiltInRoles.Find(BuiltInRoles.Administrator)!.Permissions;
        return input switch
        {
            { Name: var name } when name.Trim().Length is 0 or > TokenInput.LongestName =>
                E("Say in 1 to {0} characters what the token is for.", TokenInput.LongestName),
            { Name: var name } when name.Any(char.IsControl) => N("The name holds a character that can't be shown."),
            { Permissions.Count: 0 } => N("Choose at least one permission."),
            { NodeIds.Count: 0 } => N("Choose at least one node."),
            { EnvironmentIds.Count: 0 } => N("Choose at least one environment."),
            { NodeIds.Count: > MostPlaces } or { EnvironmentIds.Count: > MostPlaces } => E("A token is limited to {0} places at most.", MostPlaces),
            { Permissions: { } permissions } when permissions.FirstOrDefault(name => !known.Contains(name)) is { } unknown =>
                E("There is no permission '{0}'.", unknown),
            { Lifetime: { } lifetime } when lifetime <= TimeSpan.Zero || lifetime > s_longest => N("A token lives 1 to 3650 days."),
            _ => null,
        };
    }

    private (ApiToken Token, string? Text, TokenCertificate? Certificate) Make(TokenInput input, PortalUser owner, Guid makerId)
    {
        var now = time.GetUtcNow();
        var end = now + input.Lifetime;
        var certificate = input.AsCertificate ? TokenCertificate.Create(owner.UserName!, now, end ?? now + s_longest) : null;
        var text = certificate is null ? ApiTokenText.Create() : null;
        var token = new ApiToken
        {
            Id = Guid.CreateVersion7(now),
            UserId = owner.Id,
            Name = input.Name.Trim(),
            Hash = certificate?.Hash ?? ApiTokenText.HashOf(text!),
            Prefix = certificate?.Prefix ?? text![..ApiTokenText.ShownLength],
            Permissions = input.Permissions?.Distinct().Order(StringComparer.Ordinal).ToArray(),
            NodeIds = input.NodeIds?.Distinct().ToArray(),
            EnvironmentIds = input.EnvironmentIds?.Distinct().ToArray(),
            CreatedBy = makerId,
            CreatedAt = now,
            ExpiresAt = certificate is null ? end : end ?? now + s_longest,
        };
        return (token, text, certificate);
    }

    private static string Describe(ApiToken token)
    {
        var permissions = token.Permissions is { } some ? string.Join(' ', some) : "all permissions of its owner";
        var nodes = token.NodeIds is { } ids ? $"on nodes {string.Join(' ', ids)}"
            : token.EnvironmentIds is null ? "everywhere" : "";
        var environments = token.EnvironmentIds is { } places ? $"in environments {string.Join(' ', places)}" : "";
        var where = string.Join(" and ", new[] { nodes, environments }.Where(text => text.Length > 0));
        var end = token.ExpiresAt is { } expiry ? $"until {expiry:u}" : "without an end";
        var kind = token.Prefix.StartsWith(TokenCertificate.Beginning, StringComparison.Ordinal) ? "a client certificate, " : "";
        return $"{kind}{permissions}, {where}, {end}";
    }

    // Not cancelled with the caller: it is done.
    private Task RecordAsync(Actor actor, string action, ApiToken token, string detail) => audit.WriteAsync(
        new AuditEntry(actor, action, "token", token.Id.ToString(), token.Name, null, AuditOutcome.Succeeded, detail),
        CancellationToken.None);
}
