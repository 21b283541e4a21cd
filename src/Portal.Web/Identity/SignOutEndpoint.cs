using System.Security.Claims;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Identity;
using Portal.Data.Entities;
using Portal.Web.Access;
using Portal.Web.Audit;

namespace Portal.Web.Identity;

internal static class SignOutEndpoint
{
    public const string Path = "/sign-out";

    /// <summary>Maps the form target that ends the session. A form post with an antiforgery token, so that no other site can do it.</summary>
    public static void MapSignOut(this IEndpointRouteBuilder endpoints) => endpoints.MapPost(Path, SignOutAsync).WithDisplayName("Sign out");

    private static async Task<IResult> SignOutAsync(
        HttpContext context, ClaimsPrincipal user, IAntiforgery antiforgery, SignInManager<PortalUser> signIn, IAuditLog audit)
    {
        if (!await antiforgery.IsRequestValidAsync(context))
        {
            return Results.BadRequest("The page was too old. Go back, reload it and sign out again.");
        }

        var actor = user.ToActor();
        await signIn.SignOutAsync();
        var entry = new AuditEntry(actor, "user.sign_out", "user", actor.UserId.ToString(), actor.UserName, null, AuditOutcome.Succeeded);
        await audit.WriteAsync(entry, context.RequestAborted);
        return Results.LocalRedirect("~/sign-in");
    }
}
