using System.Security.Claims;
using Portal.Contracts.Permissions;
using Portal.Web.Access;
using Portal.Web.Audit.Chain;
using Portal.Web.Features.Consoles.Rules;
using Portal.Web.Features.Rest.Json;
using Portal.Web.Features.Rest.Stored;
using Portal.Web.Features.Settings;
using Portal.Web.Identity.Policies;

namespace Portal.Web.Features.Rest.Settings;

/// <summary>What holds for the portal as a whole: signing in, consoles, how long the audit log is kept.</summary>
internal static class SettingsEndpoints
{
    private const string SignIn = "/settings/sign-in";
    private const string Consoles = "/settings/consoles";
    private const string Audit = "/settings/audit";

    public static void Map(RouteGroupBuilder api)
    {
        api.MapGet(SignIn, ReadSignInAsync).Needs(PermissionNames.SignInManage)
            .Says<SignInPolicy>("getSignInRules", "The rules of sessions and passwords, with an ETag.");
        api.MapPut(SignIn, SaveSignInAsync).Needs(PermissionNames.SignInManage)
            .Does("putSignInRules", "Changes the rules of sessions and passwords. Wants If-Match.");
        api.MapGet(Consoles, ReadConsolesAsync).Needs(PermissionNames.ConsolesManage)
            .Says<ConsolePolicy>("getConsoleRules", "Which consoles are recorded, and when idle ones end, with an ETag.");
        api.MapPut(Consoles, SaveConsolesAsync).Needs(PermissionNames.ConsolesManage)
            .Does("putConsoleRules", "Changes the rules of consoles. Wants If-Match.");
        api.MapGet(Audit, ReadAuditAsync).Needs(PermissionNames.AuditView)
            .Says<AuditKeeping>("getAuditKeeping", "How long the audit log is kept, with an ETag.");
        api.MapPut(Audit, SaveAuditAsync).Needs(PermissionNames.UsersManage)
            .Does("putAuditKeeping", "Changes how long the audit log is kept. Wants If-Match.");
        api.MapPost("/audit/check", CheckAsync).Needs(PermissionNames.AuditView)
            .Says<AuditCheckResult>("checkAudit", "Looks through the whole audit log for entries that were changed or taken out.");
    }

    private static async Task<IResult> ReadSignInAsync(HttpContext context, SignInRules rules) =>
        EntityTags.Answer(context, await rules.ReadAsync(context.User, context.RequestAborted));

    private static async Task<IResult> SaveSignInAsync(
        RestBody<SignInPolicy> body, HttpContext context, SignInRules rules, StoredChanges changes)
    {
        await changes.RunAsync(
            context,
            "sign-in rules",
            () => rules.ReadAsync(context.User, context.RequestAborted),
            async _ => await rules.SaveAsync(context.User, body.Value, CancellationToken.None) is { } error
                ? throw RestResults.Refused(error)
                : true);
        return RestResults.NoContent();
    }

    private static async Task<IResult> ReadConsolesAsync(HttpContext context, ConsolePolicies policies) =>
        EntityTags.Answer(context, await policies.ReadAsync(context.RequestAborted));

    private static async Task<IResult> SaveConsolesAsync(
        RestBody<ConsolePolicy> body, HttpContext context, IAuthorizer authorizer, ConsolePolicies policies, StoredChanges changes)
    {
        var actor = await EnsureAsync(context.User, authorizer, PermissionNames.ConsolesManage);
        await changes.RunAsync(
            context,
            "console rules",
            () => policies.ReadAsync(context.RequestAborted),
            async _ =>
            {
                try
                {
                    await policies.WriteAsync(actor, body.Value, CancellationToken.None);
                    return true;
                }
                catch (ArgumentOutOfRangeException)
                {
                    throw RestResults.Refused(
                        $"Idle consoles end after 1 to {ConsolePolicy.MostMinutes} minutes, "
                        + $"recordings are kept 0 to {ConsolePolicy.MostDays} days.");
                }
            });
        return RestResults.NoContent();
    }

    private static async Task<IResult> ReadAuditAsync(HttpContext context, AuditRetention retention) =>
        EntityTags.Answer(context, new AuditKeeping(await retention.ReadAsync(context.RequestAborted)));

    private static async Task<IResult> SaveAuditAsync(
        RestBody<AuditKeeping> body, HttpContext context, IAuthorizer authorizer, AuditRetention retention, StoredChanges changes)
    {
        var actor = await EnsureAsync(context.User, authorizer, PermissionNames.UsersManage);
        if (body.Value.Days is not 0 and not (>= AuditRetention.LeastDays and <= AuditRetention.MostDays))
        {
            throw RestResults.Refused(
                $"Entries are kept for {AuditRetention.LeastDays} to {AuditRetention.MostDays} days, or with 0 for ever.");
        }

        await changes.RunAsync(
            context,
            "audit keeping",
            async () => new AuditKeeping(await retention.ReadAsync(context.RequestAborted)),
            async _ =>
            {
                await retention.WriteAsync(actor, body.Value.Days, CancellationToken.None);
                return true;
            });
        return RestResults.NoContent();
    }

    private static async Task<IResult> CheckAsync(AuditChain chain, CancellationToken cancellationToken) =>
        RestResults.Ok(await chain.CheckAsync(cancellationToken));

    private static ValueTask<Actor> EnsureAsync(ClaimsPrincipal user, IAuthorizer authorizer, string permission) =>
        authorizer.EnsureAsync(user, permission, AccessScope.Everything, CancellationToken.None);
}
