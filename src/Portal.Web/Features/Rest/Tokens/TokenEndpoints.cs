using System.ComponentModel;
using System.Security.Claims;
using Portal.Contracts.Permissions;
using Portal.Web.Features.Rest.Json;
using Portal.Web.Features.Rest.Paging;
using Portal.Web.Features.Tokens;

namespace Portal.Web.Features.Rest.Tokens;

/// <summary>API tokens and service accounts. A token makes and revokes no tokens: that takes a session.</summary>
internal static class TokenEndpoints
{
    public static void Map(RouteGroupBuilder api)
    {
        api.MapGet("/tokens", ListAsync).Says<Page<TokenEntry>>("listTokens", "One's own tokens, or everybody's.");
        api.MapPost("/tokens", CreateAsync).Says<TokenMade>("createToken", "Makes a token. Takes a session: no token makes tokens.", 201);
        api.MapDelete("/tokens/{tokenId:guid}", RevokeAsync).Does("revokeToken", "Ends a token at once. Takes a session.");
        api.MapGet("/service-accounts", ListAccountsAsync).Needs(PermissionNames.ServiceAccountsManage)
            .Says<Page<ServiceAccount>>("listServiceAccounts", "What programs of a team act as.");
        api.MapPost("/service-accounts", CreateAccountAsync).Needs(PermissionNames.ServiceAccountsManage)
            .Says<ServiceAccount>("createServiceAccount", "Makes a service account that may do nothing yet.", 201);
    }

    private static async Task<IResult> ListAsync(
        [Description("Everybody's, for who manages people.")] bool? all, [AsParameters] PageQuery page,
        ClaimsPrincipal user, TokenDirectory tokens, CancellationToken cancellationToken) =>
        RestResults.Ok(page.Cut(
            await tokens.ListAsync(user, all ?? false, cancellationToken), token => token.Id.ToString(), token => token));

    private static async Task<IResult> CreateAsync(RestBody<TokenBody> body, ClaimsPrincipal user, TokenDirectory tokens)
    {
        var change = await tokens.CreateAsync(user, body.Value.ToInput(), CancellationToken.None);
        return change.Error is { } error
            ? throw RestResults.Refused(error)
            : Results.Json(
                new TokenMade(change.Text, change.Certificate?.Certificate, change.Certificate?.Key), RestJson.Options,
                statusCode: StatusCodes.Status201Created);
    }

    private static async Task<IResult> RevokeAsync(Guid tokenId, ClaimsPrincipal user, TokenDirectory tokens) =>
        RestResults.Done((await tokens.RevokeAsync(user, tokenId, CancellationToken.None)).Error);

    private static async Task<IResult> ListAccountsAsync(
        [AsParameters] PageQuery page, ClaimsPrincipal user, TokenDirectory tokens, CancellationToken cancellationToken) =>
        RestResults.Ok(page.Cut(
            await tokens.ListServiceAccountsAsync(user, cancellationToken), account => account.Name, account => account));

    private static async Task<IResult> CreateAccountAsync(
        RestBody<ServiceAccountBody> body, ClaimsPrincipal user, ServiceAccounts accounts, TokenDirectory tokens)
    {
        if (await accounts.CreateAsync(user, body.Value.Name, CancellationToken.None) is { } error)
        {
            throw RestResults.Refused(error);
        }

        var made = (await tokens.ListServiceAccountsAsync(user, CancellationToken.None)).First(one => one.Name == body.Value.Name.Trim());
        return Results.Json(made, RestJson.Options, statusCode: StatusCodes.Status201Created);
    }
}
