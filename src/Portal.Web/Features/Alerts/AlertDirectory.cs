using System.Security.Claims;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using Portal.Contracts.Permissions;
using Portal.Data;
using Portal.Data.Entities.Alerts;
using Portal.Web.Access;
using Portal.Web.Audit;
using Portal.Web.Features.Alerts.Rules;
using Portal.Web.Features.Alerts.Sending;
using Portal.Web.Languages;
using Portal.Web.Security;

namespace Portal.Web.Features.Alerts;

/// <summary>Lists alerts and changes rules, targets and silences. Changes ask for <c>alerts.manage</c> and are written to the audit log.</summary>
/// <remarks>Singleton; any thread. A target's settings go in and never come out.</remarks>
public sealed class AlertDirectory
{
    private readonly IDbContextFactory<PortalDbContext> _contexts;
    private readonly TargetSecrets _secrets;
    private readonly AlertSender _sender;
    private readonly IAuthorizer _authorizer;
    private readonly IAuditLog _audit;
    private readonly TimeProvider _time;

    internal AlertDirectory(
        IDbContextFactory<PortalDbContext> contexts,
        TargetSecrets secrets,
        AlertSender sender,
        IAuthorizer authorizer,
        IAuditLog audit,
        TimeProvider time)
    {
        (_contexts, _secrets, _sender, _authorizer, _audit, _time) = (contexts, secrets, sender, authorizer, audit, time);
    }

    /// <summary>All that the page shows; of alerts those on nodes that the user may see, the newest five hundred.</summary>
    public async Task<AlertOverview> ReadAsync(ClaimsPrincipal user, CancellationToken cancellationToken)
    {
        var access = await _authorizer.ReadAccessAsync(user, cancellationToken);
        if (!access.AllowsSomewhere(PermissionNames.AlertsView))
        {
            await _authorizer.EnsureAsync(user, PermissionNames.AlertsView, AccessScope.Everything, cancellationToken);
        }

        await using var database = await _contexts.CreateDbContextAsync(cancellationToken);
        var alerts = await database.Alerts.AsNoTracking()
            .Where(alert => alert.State != AlertStates.Pending)
            .OrderByDescending(alert => alert.State == AlertStates.Firing).ThenByDescending(alert => alert.BeganAt).Take(500)
            .ToListAsync(cancellationToken);
        var seesAll = access.Allows(PermissionNames.AlertsView, AccessScope.Everything);
        var visible = alerts.Where(alert => seesAll
            || (alert.NodeId is { } node && access.Allows(PermissionNames.AlertsView, AccessScope.Node(node))));

        // What is sent where is of the portal as a whole.
        var rules = seesAll ? await database.AlertRules.AsNoTracking().OrderBy(rule => rule.Name).ToListAsync(cancellationToken) : [];
        var targets = seesAll ? await database.AlertTargets.AsNoTracking().OrderBy(row => row.Name).ToListAsync(cancellationToken) : [];
        var silences = seesAll
            ? await database.AlertSilences.AsNoTracking().OrderBy(row => row.BeginsAt).ToListAsync(cancellationToken)
            : [];
        var deliveries = seesAll
            ? await database.AlertDeliveries.AsNoTracking().OrderByDescending(row => row.Id).Take(100).ToListAsync(cancellationToken)
            : [];
        return new AlertOverview([.. visible], rules, targets, silences, deliveries);
    }

    /// <summary>Adds or changes a rule.</summary>
    /// <returns>Why not, for the user; null when it is done.</returns>
    public async Task<string?> SaveRuleAsync(
        ClaimsPrincipal user, AlertRule rule, AlertCondition condition, CancellationToken cancellationToken)
    {
        var actor = await EnsureAsync(user, cancellationToken);
        var problems = condition.Problems().ToList();
        AddNameProblem(rule.Name, problems);
        await using var database = await _contexts.CreateDbContextAsync(cancellationToken);
        var known = await database.AlertTargets.Select(target => target.Id).ToListAsync(cancellationToken);
        var error = problems.Count > 0 ? string.Join(' ', problems) : null;
        if (error is null)
        {
            var row = await database.AlertRules.SingleOrDefaultAsync(item => item.Id == rule.Id, cancellationToken);
            row ??= database.AlertRules.Add(new AlertRule { Id = rule.Id, CreatedAt = _time.GetUtcNow() }).Entity;
            (row.Name, row.Enabled, row.Severity) = (rule.Name.Trim(), rule.Enabled, rule.Severity);
            (row.Condition, row.TargetIds) = (condition.ToJson(), [.. rule.TargetIds.Intersect(known)]);
            error = await StoreAsync(database, E("There is a rule named '{0}'.", rule.Name), cancellationToken);
        }

        await RecordAsync(actor, "alert_rule.save", rule.Id, rule.Name, error);
        return error;
    }

    /// <summary>Adds or changes a target.</summary>
    /// <param name="user">Who asks.</param>
    /// <param name="target">Its id, name and kind.</param>
    /// <param name="settings">How it is reached; null to keep what is there.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Why not, for the user; null when it is done.</returns>
    public async Task<string?> SaveTargetAsync(
        ClaimsPrincipal user, AlertTarget target, TargetSettings? settings, CancellationToken cancellationToken)
    {
        var actor = await EnsureAsync(user, cancellationToken);
        var problems = new List<string>();
        AddNameProblem(target.Name, problems);
        if (!Enum.TryParse<TargetKind>(target.Kind, out var kind))
        {
            problems.Add(N("There is no such kind of target."));
        }

        if (Language.Find(target.Language) is null)
        {
            problems.Add(E("A language is one of {0}.", string.Join(", ", Language.All.Select(language => language.Code))));
        }

        if (target.PortalUrl.Length > 0 && !PublicAddress.IsGood(target.PortalUrl))
        {
            problems.Add(PublicAddress.Refusal);
        }

        problems.AddRange(settings?.Problems(kind) ?? []);
        await using var database = await _contexts.CreateDbContextAsync(cancellationToken);
        var row = await database.AlertTargets.SingleOrDefaultAsync(item => item.Id == target.Id, cancellationToken);
        if (settings is null && row?.Kind != target.Kind)
        {
            problems.Add(N("Say how it is reached."));
        }

        var error = problems.Count > 0 ? string.Join(' ', problems) : null;
        if (error is null)
        {
            row ??= database.AlertTargets.Add(new AlertTarget { Id = target.Id, CreatedAt = _time.GetUtcNow() }).Entity;
            (row.Name, row.Kind, row.Language) = (target.Name.Trim(), target.Kind, Language.Find(target.Language)!.Code);
            row.PortalUrl = target.PortalUrl.Length == 0 ? "" : PublicAddress.Normalize(target.PortalUrl);
            row.Settings = settings is null ? row.Settings : _secrets.Protect(row.Id, settings);
            error = await StoreAsync(database, E("There is a target named '{0}'.", target.Name), cancellationToken);
        }

        await RecordAsync(actor, "alert_target.save", target.Id, target.Name, error);
        return error;
    }

    /// <summary>Sends a message of no consequence to a target, at once.</summary>
    /// <returns>Why it did not arrive, for the user; null when it did.</returns>
    public async Task<string?> TestAsync(ClaimsPrincipal user, Guid targetId, CancellationToken cancellationToken)
    {
        var actor = await EnsureAsync(user, cancellationToken);
        await using var database = await _contexts.CreateDbContextAsync(cancellationToken);
        var target = await database.AlertTargets.AsNoTracking().SingleOrDefaultAsync(item => item.Id == targetId, cancellationToken);
        if (target is null)
        {
            return N("The target was removed.");
        }

        string? error = null;
        try
        {
            var settings = _secrets.Unprotect(target.Id, target.Settings);
            var message = AlertMessage.Test(_time.GetUtcNow());
            foreach (var (reached, language) in await TargetReaders.OfAsync(database, target, settings, cancellationToken))
            {
                await LanguageFlow.In(language, () => _sender.SendAsync(
                    Enum.Parse<TargetKind>(target.Kind), reached, message.ForReader(target.PortalUrl), "test", cancellationToken));
            }
        }
        catch (SendingException failure)
        {
            error = failure.Message;
        }

        await RecordAsync(actor, "alert_target.test", target.Id, target.Name, error);
        return error;
    }

    /// <summary>Adds a silence.</summary>
    /// <returns>Why not, for the user; null when it is done.</returns>
    public async Task<string?> AddSilenceAsync(ClaimsPrincipal user, AlertSilence silence, CancellationToken cancellationToken)
    {
        var actor = await EnsureAsync(user, cancellationToken);
        var length = silence.EndsAt - silence.BeginsAt;
        var error = length <= TimeSpan.Zero ? N("It must end after it begins.")
            : silence.Weekly && length > TimeSpan.FromDays(7) ? N("What comes every week can't last longer than one.")
            : silence.Reason.Trim().Length is 0 or > 256 ? N("Say why, in at most 256 characters: others will ask.")
            : null;
        if (error is null)
        {
            await using var database = await _contexts.CreateDbContextAsync(cancellationToken);
            silence.CreatedBy = actor.UserName;
            database.AlertSilences.Add(silence);
            error = await StoreAsync(database, N("The rule or the node is gone."), cancellationToken);
        }

        await RecordAsync(actor, "alert_silence.add", silence.Id, silence.Reason, error);
        return error;
    }

    public Task RemoveRuleAsync(ClaimsPrincipal user, AlertRule rule, CancellationToken cancellationToken) => RemoveAsync(
        user,
        "alert_rule.remove",
        rule.Id,
        rule.Name,
        database => database.AlertRules.Where(row => row.Id == rule.Id).ExecuteDeleteAsync(cancellationToken));

    public Task RemoveTargetAsync(ClaimsPrincipal user, AlertTarget target, CancellationToken cancellationToken) => RemoveAsync(
        user, "alert_target.remove", target.Id, target.Name, async database =>
        {
            await using var transaction = await database.Database.BeginTransactionAsync(cancellationToken);
            foreach (var rule in await database.AlertRules.Where(row => row.TargetIds.Contains(target.Id)).ToListAsync(cancellationToken))
            {
                rule.TargetIds = [.. rule.TargetIds.Where(id => id != target.Id)];
            }

            await database.SaveChangesAsync(cancellationToken);
            await database.Database.ExecuteSqlAsync(
                $"update stacks set told_targets = array_remove(told_targets, {target.Id}) where {target.Id} = any(told_targets)",
                cancellationToken);
            var removed = await database.AlertTargets.Where(row => row.Id == target.Id).ExecuteDeleteAsync(cancellationToken);
            await transaction.CommitAsync(cancellationToken);
            return removed;
        });

    public Task RemoveSilenceAsync(ClaimsPrincipal user, AlertSilence silence, CancellationToken cancellationToken) => RemoveAsync(
        user,
        "alert_silence.remove",
        silence.Id,
        silence.Reason,
        database => database.AlertSilences.Where(row => row.Id == silence.Id).ExecuteDeleteAsync(cancellationToken));

    private async Task RemoveAsync(ClaimsPrincipal user, string action, Guid id, string name, Func<PortalDbContext, Task<int>> remove)
    {
        var actor = await EnsureAsync(user, CancellationToken.None);
        await using var database = await _contexts.CreateDbContextAsync();
        await remove(database);
        await RecordAsync(actor, action, id, name, null);
    }

    private async Task<Actor> EnsureAsync(ClaimsPrincipal user, CancellationToken cancellationToken) =>
        await _authorizer.EnsureAsync(user, PermissionNames.AlertsManage, AccessScope.Everything, cancellationToken);

    private Task RecordAsync(Actor actor, string action, Guid id, string name, string? error) => _audit.WriteAsync(
        new AuditEntry(
            actor, action, "alert", id.ToString(), name, null, error is null ? AuditOutcome.Succeeded : AuditOutcome.Failed, error ?? ""),
        CancellationToken.None);

    private static async Task<string?> StoreAsync(PortalDbContext database, string conflict, CancellationToken cancellationToken)
    {
        try
        {
            await database.SaveChangesAsync(cancellationToken);
            return null;
        }
        catch (DbUpdateException failure) when (failure.InnerException is PostgresException
        {
            SqlState: PostgresErrorCodes.UniqueViolation or PostgresErrorCodes.ForeignKeyViolation
        })
        {
            return conflict;
        }
    }

    private static void AddNameProblem(string name, List<string> problems)
    {
        if (name.Trim().Length is 0 or > 128)
        {
            problems.Add(N("The name needs 1 to 128 characters."));
        }
    }
}
