using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Identity;
using Portal.Data.Entities;

namespace Portal.Web.Identity.Passkeys;

/// <summary>Where a page's script gets the challenge for a passkey. What comes of it is posted with the page's form.</summary>
internal static class PasskeyEndpoints
{
    public const string RequestPath = "/sign-in/passkey";
    public const string CreationPath = "/account/passkeys";

    public static void MapPasskeys(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapPost(RequestPath, RequestAsync).AllowAnonymous().WithDisplayName("Challenge for a passkey");
        endpoints.MapPost(CreationPath, CreateAsync).RequireAuthorization().WithDisplayName("Challenge for a new passkey");
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

    private static IResult Json(string json) => Results.Content(json, "application/json");

    private static IResult TooOld() => Results.BadRequest("The page was too old. Reload it and try again.");
}
