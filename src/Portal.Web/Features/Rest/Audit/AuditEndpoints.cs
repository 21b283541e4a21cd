using System.ComponentModel;
using System.Globalization;
using System.Security.Claims;
using Portal.Contracts.Permissions;
using Portal.Web.Access;
using Portal.Web.Audit;
using Portal.Web.Features.Rest.Json;
using Portal.Web.Features.Rest.Paging;

namespace Portal.Web.Features.Rest.Audit;

/// <summary>The audit log.</summary>
internal static class AuditEndpoints
{
    public static void Map(RouteGroupBuilder api)
    {
        api.MapGet("/audit", ListAsync).Needs(PermissionNames.AuditView).Says<Page<AuditItem>>("listAudit", "The audit log, newest first.");
        api.MapGet(AuditExport.Path, AuditExport.ExportAsync).Needs(PermissionNames.AuditExport)
            .WithName("exportAudit").WithSummary("The audit log, or what is chosen of it, as CSV or as JSON lines.");
    }

    private static async Task<IResult> ListAsync(
        [Description("Part of a name, an action or an address.")] string? text, AuditOutcome? outcome,
        DateTimeOffset? from, DateTimeOffset? to, [AsParameters] PageQuery page,
        ClaimsPrincipal user, IAuthorizer authorizer, AuditReader reader, CancellationToken cancellationToken)
    {
        await authorizer.EnsureAsync(user, PermissionNames.AuditView, AccessScope.Everything, cancellationToken);
        var before = page.After() is not { } cursor ? (long?)null
            : long.TryParse(cursor, NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id
            : throw PageQuery.Wrong();
        var filter = new AuditFilter { Text = text, Outcome = outcome, From = from, To = to, Before = before };
        var rows = await reader.ReadPageAsync(filter, page.Size + 1, cancellationToken);
        var shown = rows.Take(page.Size).Select(AuditItem.Of).ToList();
        var next = rows.Count > page.Size ? PageQuery.CursorOf(shown[^1].Id.ToString(CultureInfo.InvariantCulture)) : null;
        return RestResults.Ok(new Page<AuditItem>(shown, next));
    }
}
