using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Identity;
using Portal.Data.Entities;
using Portal.Web.Identity.Invitations;

namespace Portal.Web.Identity.Passkeys;

/// <summary>Where a page's script gets the challenge for a passkey. What comes of it is posted with the page's form.</summary>
internal static class PasskeyEndpoints
{
    public const string RequestPath = "/sign-in/passkey";
    public const string CreationPath = "/account/passkeys";
    public const string InvitedPath = "/invitation/passkey";

    public static void MapPasskeys(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapPost(RequestPath, RequestAsync).AllowAnonymous().WithDisplayName("Challenge for a passkey");
        endpoints.MapPost(CreationPath, CreateAsync).RequireAuthorization().WithDisplayName("Challenge for a new passkey");
        endpoints.MapPost(InvitedPath, InviteAsync).AllowAnonymous().WithDisplayName("Challenge for the passkey of who is invited");
    }

    private static async Task<IResult> RequestAsync(HttpContext context, IAntiforgery antiforgery, SignInManager<PortalUser> signIn)
    {
        // Nobody is named: the browser offers the passkeys that it has for this portal, and strangers learn nothing of accounts.
        return await antiforgery.IsRequestValidAsync(context) ? Json(await signIn.MakePasskeyRequestOptionsAsync(null)) : TooOld();
    }

    private static async Task<IResult> CreateAsync(
        HttpContext context, IAntiforgery antiforgery, UserManager<PortalUser> users, PersonPasskeys passkeys)
    {
        return !await antiforgery.IsRequestValidAsync(context) ? TooOld()
            : await users.GetUserAsync(context.User) is { } user ? Json(await passkeys.MakeCreationOptionsAsync(user))
            : Results.Unauthorized();
    }

    // For who has a good invitation alone. Whether a name is taken is told, as it is when the account is made.
    private static async Task<IResult> InviteAsync(
        HttpContext context, IAntiforgery antiforgery, InvitationBook invitations, UserManager<PortalUser> users, PersonPasskeys passkeys)
    {
        if (!await antiforgery.IsRequestValidAsync(context))
        {
            return TooOld();
        }

        var form = await context.Request.ReadFormAsync(context.RequestAborted);
        var name = form["Input.UserName"].ToString().Trim();
        return await invitations.FindAsync(form["Input.Secret"], context.RequestAborted) is null
                ? Results.BadRequest(N("This invitation was used, revoked or is too old. Ask for a new one."))
            : name.Length is 0 or > 64 ? Results.BadRequest(N("Choose a user name of up to 64 characters first."))
            : await users.FindByNameAsync(name) is not null ? Results.BadRequest(E("The name '{0}' is taken. Choose another one.", name))
            : Json(await passkeys.MakeCreationOptionsAsync(Guid.CreateVersion7(), name));
    }

    private static IResult Json(string json) => Results.Content(json, "application/json");

    private static IResult TooOld() => Results.BadRequest(N("The page was too old. Reload it and try again."));
}
