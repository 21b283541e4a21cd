using System.Security.Claims;
using Portal.Contracts.Permissions;
using Portal.Data.Entities.Alerts;
using Portal.Web.Features.Alerts;
using Portal.Web.Features.Rest.Json;
using Portal.Web.Features.Rest.Paging;
using Portal.Web.Features.Rest.Problems;
using Portal.Web.Features.Rest.Stored;

namespace Portal.Web.Features.Rest.Alerts;

/// <summary>Alerts, what is watched for, and when nobody is told. Where they are told is in <see cref="AlertTargetEndpoints"/>.</summary>
internal static class AlertEndpoints
{
    private const string Rule = "/alert-rules/{ruleId:guid}";
    private static readonly string[] s_severities = ["info", "warning", "critical"];

    public static void Map(RouteGroupBuilder api)
    {
        api.MapGet("/alerts", ListAsync).Needs(PermissionNames.AlertsView)
            .Says<Page<Alert>>("listAlerts", "Alerts that fire and the newest that did, on nodes that you may see.");
        api.MapGet("/alert-rules", ListRulesAsync)
            .Needs(PermissionNames.AlertsView).Says<Page<RuleItem>>("listAlertRules", "What is watched for.");
        api.MapGet(Rule, FindRuleAsync).Needs(PermissionNames.AlertsView).Says<RuleItem>("getAlertRule", "A rule, with an ETag.");
        api.MapPost("/alert-rules", CreateRuleAsync)
            .Needs(PermissionNames.AlertsManage).Says<RuleItem>("createAlertRule", "Adds a rule.", 201);
        api.MapPut(Rule, UpdateRuleAsync).Needs(PermissionNames.AlertsManage).Does("updateAlertRule", "Changes a rule. Wants If-Match.");
        api.MapDelete(Rule, RemoveRuleAsync).Needs(PermissionNames.AlertsManage).Does("removeAlertRule", "Removes a rule.");
        api.MapGet("/alert-silences", ListSilencesAsync).Needs(PermissionNames.AlertsView)
            .Says<Page<AlertSilence>>("listAlertSilences", "Times in which nobody is told.");
        api.MapPost("/alert-silences", SilenceAsync).Needs(PermissionNames.AlertsManage)
            .Says<AlertSilence>("createAlertSilence", "Adds a silence.", 201);
        api.MapDelete("/alert-silences/{silenceId:guid}", EndSilenceAsync).Needs(PermissionNames.AlertsManage)
            .Does("removeAlertSilence", "Ends a silence.");
    }

    private static async Task<IResult> ListAsync(
        [AsParameters] PageQuery page, ClaimsPrincipal user, AlertDirectory directory, CancellationToken cancellationToken) =>
        RestResults.Ok(page.Cut((await directory.ReadAsync(user, cancellationToken)).Alerts, alert => alert.Id.ToString(), alert => alert));

    private static async Task<IResult> ListRulesAsync(
        [AsParameters] PageQuery page, ClaimsPrincipal user, AlertDirectory directory, CancellationToken cancellationToken) =>
        RestResults.Ok(page.Cut((await directory.ReadAsync(user, cancellationToken)).Rules, rule => rule.Name, RuleItem.Of));

    private static async Task<IResult> ListSilencesAsync(
        [AsParameters] PageQuery page, ClaimsPrincipal user, AlertDirectory directory, CancellationToken cancellationToken) =>
        RestResults.Ok(page.Cut((await directory.ReadAsync(user, cancellationToken)).Silences, row => row.Id.ToString(), row => row));

    private static async Task<IResult> FindRuleAsync(Guid ruleId, HttpContext context, AlertDirectory directory) =>
        EntityTags.Answer(context, RuleItem.Of(await ReadRuleAsync(context, directory, ruleId)));

    private static async Task<IResult> CreateRuleAsync(RestBody<RuleBody> body, HttpContext context, AlertDirectory directory)
    {
        var id = Guid.CreateVersion7();
        await SaveAsync(context, directory, id, body.Value);
        return RestResults.Created(context, $"/alert-rules/{id}", RuleItem.Of(await ReadRuleAsync(context, directory, id)));
    }

    private static async Task<IResult> UpdateRuleAsync(
        Guid ruleId, RestBody<RuleBody> body, HttpContext context, AlertDirectory directory, StoredChanges changes)
    {
        await changes.RunAsync(
            context,
            $"alert rule {ruleId}",
            async () => RuleItem.Of(await ReadRuleAsync(context, directory, ruleId)),
            _ => SaveAsync(context, directory, ruleId, body.Value));
        return RestResults.NoContent();
    }

    private static async Task<bool> SaveAsync(HttpContext context, AlertDirectory directory, Guid id, RuleBody body)
    {
        var error = s_severities.Contains(body.Severity)
            ? await directory.SaveRuleAsync(context.User, body.ToRule(id), body.Condition, CancellationToken.None)
            : $"A severity is one of {string.Join(", ", s_severities)}.";
        return error is null ? true : throw RestResults.Refused(error);
    }

    private static async Task<IResult> RemoveRuleAsync(Guid ruleId, HttpContext context, AlertDirectory directory, StoredChanges changes)
    {
        await changes.RunAsync(
            context,
            $"alert rule {ruleId}",
            async () => RuleItem.Of(await ReadRuleAsync(context, directory, ruleId)),
            async _ =>
            {
                var rule = await ReadRuleAsync(context, directory, ruleId);
                await directory.RemoveRuleAsync(context.User, rule, CancellationToken.None);
                return true;
            },
            required: false);
        return RestResults.NoContent();
    }

    private static async Task<IResult> SilenceAsync(RestBody<SilenceBody> body, ClaimsPrincipal user, AlertDirectory directory)
    {
        var silence = body.Value.ToSilence(Guid.CreateVersion7());
        return await directory.AddSilenceAsync(user, silence, CancellationToken.None) is { } error
            ? throw RestResults.Refused(error)
            : Results.Json(silence, RestJson.Options, statusCode: StatusCodes.Status201Created);
    }

    private static async Task<IResult> EndSilenceAsync(Guid silenceId, HttpContext context, AlertDirectory directory)
    {
        var all = (await directory.ReadAsync(context.User, context.RequestAborted)).Silences;
        var silence = all.FirstOrDefault(row => row.Id == silenceId) ?? throw RestProblemException.NotFound("silence");
        await directory.RemoveSilenceAsync(context.User, silence, CancellationToken.None);
        return RestResults.NoContent();
    }

    private static async Task<AlertRule> ReadRuleAsync(HttpContext context, AlertDirectory directory, Guid id)
    {
        var all = (await directory.ReadAsync(context.User, context.RequestAborted)).Rules;
        return all.FirstOrDefault(rule => rule.Id == id) ?? throw RestProblemException.NotFound("alert rule");
    }
}
