using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Web.Access;

namespace Portal.Web.Features.Rest;

/// <summary><c>GET /api/v1/me</c>: who asks, and by which token; what a program tries first.</summary>
internal static class MeEndpoint
{
    public static void MapMe(this IEndpointRouteBuilder endpoints) => endpoints.MapGet("/api/v1/me", HandleAsync)
        .Says<Me>("getMe", "Who asks, and by which token: what a program tries first.");

    private static async Task<IResult> HandleAsync(HttpContext context, IDbContextFactory<PortalDbContext> contexts)
    {
        var userId = context.User.UserId() ?? Guid.Empty;
        var tokenId = context.User.TokenIdOf();
        await using var database = await contexts.CreateDbContextAsync(context.RequestAborted);
        var token = await database.ApiTokens.AsNoTracking()
            .Where(token => token.Id == tokenId)
            .Select(token => new MeToken(token.Id, token.Name, token.Permissions, token.NodeIds, token.EnvironmentIds, token.ExpiresAt))
            .SingleOrDefaultAsync(context.RequestAborted);
        var grants = await database.Grants.AsNoTracking()
            .Where(grant => grant.UserId == userId)
            .Select(grant => new MeGrant(grant.Role, grant.NodeId, grant.EnvironmentId, grant.StackId))
            .ToListAsync(context.RequestAborted);
        return Results.Ok(new Me(userId, context.User.Identity?.Name ?? "", grants, token));
    }

    private sealed record Me(Guid Id, string Name, IReadOnlyList<MeGrant> Grants, MeToken? Token);

    private sealed record MeGrant(string Role, Guid? NodeId, Guid? EnvironmentId, Guid? StackId);

    private sealed record MeToken(
        Guid Id, string Name, IReadOnlyList<string>? Permissions, IReadOnlyList<Guid>? NodeIds,
        IReadOnlyList<Guid>? EnvironmentIds, DateTimeOffset? ExpiresAt);
}
