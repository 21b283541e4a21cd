using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Data.Entities.Alerts;
using Portal.Web.Features.Alerts.Sending;
using Portal.Web.Nodes;

namespace Portal.Web.Features.Alerts.Rules;

/// <summary>
/// One evaluation of all rules. All that it changes, the alerts and the messages about them, is one transaction: a portal that dies in it has
/// changed nothing, and the next round, of whichever portal, finds the same again.
/// </summary>
internal sealed class AlertRound(
    IDbContextFactory<PortalDbContext> contexts, Func<AlertCondition, IReadOnlyList<Observation>> observe, IFleet fleet)
{
    // What happens at once is told at once, and what follows within a minute in one message.
    private static readonly TimeSpan s_grouping = TimeSpan.FromMinutes(1);

    public async Task RunAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var database = await contexts.CreateDbContextAsync(cancellationToken);
        var rules = await database.AlertRules.ToListAsync(cancellationToken);
        var silences = await database.AlertSilences.AsNoTracking().ToListAsync(cancellationToken);
        var open = await database.Alerts
            .Where(alert => alert.State != AlertStates.Resolved || alert.Told == AlertStates.Firing)
            .ToListAsync(cancellationToken);
        foreach (var rule in rules)
        {
            var own = open.Where(alert => alert.RuleId == rule.Id).ToList();
            var condition = AlertCondition.Parse(rule.Condition);
            own.AddRange(Apply(database, rule, condition, own, now));
            Tell(database, rule, own, silences, now);
        }

        // Nobody watches any more for what a removed rule found.
        var known = rules.Select(rule => rule.Id).ToHashSet();
        foreach (var alert in open.Where(alert => !known.Contains(alert.RuleId)))
        {
            End(database, alert, now);
            alert.Told = "";
        }

        await database.SaveChangesAsync(cancellationToken);
    }

    private List<Alert> Apply(PortalDbContext database, AlertRule rule, AlertCondition condition, List<Alert> own, DateTimeOffset now)
    {
        var added = new List<Alert>();
        var left = own.Where(alert => alert.State != AlertStates.Resolved).ToDictionary(alert => alert.Subject);
        foreach (var seen in rule.Enabled ? observe(condition) : [])
        {
            left.Remove(seen.Subject, out var alert);
            switch (seen.Verdict)
            {
                case Verdict.Bad:
                    if (alert is null)
                    {
                        alert = Begin(rule, seen, now);
                        database.Alerts.Add(alert);
                        added.Add(alert);
                    }

                    alert.Value = Cut(seen.Value);
                    if (alert.State == AlertStates.Pending && now - alert.BeganAt >= TimeSpan.FromSeconds(condition.ForSeconds))
                    {
                        (alert.State, alert.FiredAt) = (AlertStates.Firing, now);
                    }

                    break;
                case Verdict.Good when alert is not null:
                    alert.Value = Cut(seen.Value);
                    End(database, alert, now);
                    break;
                case Verdict.Between when alert is { State: AlertStates.Pending }:
                    End(database, alert, now);
                    break;
            }
        }

        // The container or the node is gone, or the rule no longer looks at it.
        foreach (var alert in left.Values)
        {
            End(database, alert, now);
        }

        return added;
    }

    private static Alert Begin(AlertRule rule, Observation seen, DateTimeOffset now) => new()
    {
        Id = Guid.CreateVersion7(),
        RuleId = rule.Id,
        RuleName = rule.Name,
        Severity = rule.Severity,
        Subject = seen.Subject,
        SubjectName = Cut(seen.Name),
        NodeId = seen.NodeId,
        State = AlertStates.Pending,
        BeganAt = now,
    };

    private static void End(PortalDbContext database, Alert alert, DateTimeOffset now)
    {
        if (alert.State == AlertStates.Pending)
        {
            database.Alerts.Remove(alert);
        }
        else if (alert.State == AlertStates.Firing)
        {
            (alert.State, alert.ResolvedAt) = (AlertStates.Resolved, now);
        }
    }

    private void Tell(PortalDbContext database, AlertRule rule, List<Alert> own, List<AlertSilence> silences, DateTimeOffset now)
    {
        // Whoever was told of the beginning is told of the end; what began and ended in a silence is history alone.
        var news = own
            .Where(alert => (alert.State == AlertStates.Firing && alert.Told.Length == 0 && !IsSilenced(alert))
                || (alert.State == AlertStates.Resolved && alert.Told == AlertStates.Firing))
            .ToList();
        if (news.Count == 0 || now - rule.NotifiedAt < s_grouping)
        {
            return;
        }

        var message = AlertMessage.Of(rule, news, nodeId => fleet.Current.Nodes.GetValueOrDefault(nodeId)?.Name ?? "");
        foreach (var target in rule.TargetIds)
        {
            database.AlertDeliveries.Add(new AlertDelivery { TargetId = target, Message = message.ToJson(), CreatedAt = now, DueAt = now });
        }

        news.ForEach(alert => alert.Told = alert.State);
        rule.NotifiedAt = now;

        bool IsSilenced(Alert alert) => silences.Any(silence => Silences.Cover(silence, alert, now));
    }

    private static string Cut(string text) => text.Length <= 256 ? text : text[..255] + "…";
}
