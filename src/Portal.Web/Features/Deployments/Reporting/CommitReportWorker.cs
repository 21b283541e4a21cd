using Microsoft.EntityFrameworkCore;
using Npgsql;
using Portal.Data;
using Portal.Data.Entities.Deployments;
using Portal.Web.Features.Alerts.Sending;
using Portal.Web.Features.Stacks;
using Portal.Web.Reconcilers;

namespace Portal.Web.Features.Deployments.Reporting;

/// <summary>
/// Tells Git hosts how the commits stand that stacks were deployed from, in one portal of all: what is wanted follows from the
/// deployments as they
/// are, so that no deployment waits for it or knows of it, and a portal that dies leaves nothing out. Tried again for a day.
/// </summary>
internal sealed partial class CommitReportWorker(
    NpgsqlDataSource database,
    IDbContextFactory<PortalDbContext> contexts,
    CommitSender sender,
    CommitTokens tokens,
    TimeProvider time,
    ILogger<CommitReportWorker> logger)
    : SoleWorker(database, LockKey, s_interval, time, logger)
{
    // "commitst" in ASCII.
    private const long LockKey = 0x636F6D6D69747374;
    private const int AtOnce = 16;
    private const int LongestError = 1024;
    private static readonly TimeSpan s_interval = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan s_longest = TimeSpan.FromHours(24);
    private readonly TimeProvider _time = time;
    private readonly ILogger _logger = logger;

    protected override string Name => "reporting commits";

    /// <summary>Writes down what is wanted, and sends what is due.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await WantAsync(cancellationToken);
        await using var work = await contexts.CreateDbContextAsync(cancellationToken);
        var now = _time.GetUtcNow();
        var due = await work.CommitReports.Where(row => row.DueAt <= now).OrderBy(row => row.DueAt).Take(AtOnce)
            .ToListAsync(cancellationToken);
        var stacks = due.Select(row => row.StackId).Distinct().ToList();
        var reporters = await work.CommitReporters.AsNoTracking().Where(row => stacks.Contains(row.StackId))
            .ToDictionaryAsync(row => row.StackId, cancellationToken);

        // Beside each other: a host that does not answer holds up no other.
        await Task.WhenAll(due.Select(row => SendAsync(row, reporters.GetValueOrDefault(row.StackId), cancellationToken)));
        await work.SaveChangesAsync(CancellationToken.None);
    }

    protected override Task RunRoundAsync(CancellationToken cancellationToken) => RunAsync(cancellationToken);

    // Of several deployments of one commit the newest speaks for it.
    private async Task WantAsync(CancellationToken cancellationToken)
    {
        await using var work = await contexts.CreateDbContextAsync(cancellationToken);
        var now = _time.GetUtcNow();
        var since = now - s_longest;
        var rows = await (
            from reporter in work.CommitReporters.AsNoTracking()
            join deployment in work.Deployments.AsNoTracking() on reporter.StackId equals deployment.StackId
            join revision in work.StackRevisions.AsNoTracking()
                on new { deployment.StackId, Number = deployment.Revision } equals new { revision.StackId, revision.Number }
            where deployment.Operation == "Deploy" && revision.Commit != "" && deployment.CreatedAt >= reporter.ChangedAt
                && (deployment.FinishedAt == null || deployment.FinishedAt > since)
            select new { deployment, revision.Commit }).ToListAsync(cancellationToken);
        var newest = rows.GroupBy(row => (row.deployment.StackId, row.Commit))
            .Select(group => group.MaxBy(row => (row.deployment.CreatedAt, row.deployment.Id))!).ToList();
        var ids = newest.Select(row => row.deployment.Id).ToList();
        var known = await work.CommitReports.Where(row => ids.Contains(row.DeploymentId))
            .ToDictionaryAsync(row => row.DeploymentId, cancellationToken);
        foreach (var row in newest)
        {
            var wanted = CommitStatus.Of(row.deployment).ToString();
            if (!known.TryGetValue(row.deployment.Id, out var report))
            {
                report = new CommitReport { DeploymentId = row.deployment.Id, StackId = row.deployment.StackId, Commit = row.Commit };
                work.CommitReports.Add(report);
            }

            if (report.Wanted != wanted)
            {
                (report.Wanted, report.WantedAt, report.DueAt, report.Attempts, report.Error) = (wanted, now, now, 0, "");
            }
        }

        // What another one speaks for by now is told no more.
        var silent = rows.Select(row => row.deployment.Id).Except(ids).ToList();
        foreach (var old in await work.CommitReports.Where(row => silent.Contains(row.DeploymentId) && row.DueAt != null)
            .ToListAsync(cancellationToken))
        {
            old.DueAt = null;
        }

        await work.SaveChangesAsync(cancellationToken);
    }

    private async Task SendAsync(CommitReport report, CommitReporter? reporter, CancellationToken cancellationToken)
    {
        if (reporter is null)
        {
            report.DueAt = null;
            return;
        }

        try
        {
            var token = tokens.Unprotect(reporter.StackId, reporter.BaseUrl, reporter.KeptToken);
            var status = CommitStatus.Parse(report.Wanted);
            if (await sender.SendAsync(reporter, token, report.DeploymentId, report.Commit, status, cancellationToken) is { } wait)
            {
                Postpone(report, N("The host asks to come less often."), wait);
                return;
            }

            (report.Sent, report.SentAt, report.DueAt, report.Error) = (report.Wanted, _time.GetUtcNow(), null, "");
        }
        catch (Exception failure) when (failure is SendingException or StackException)
        {
            Postpone(report, failure.Message, TimeSpan.Zero);
            LogNotTold(reporter.BaseUrl, report.Commit, report.Attempts, failure.Message);
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
        {
            Postpone(report, N("The report could not be made; the portal's log says why."), TimeSpan.Zero);
            LogBroken(reporter.BaseUrl, failure);
        }
    }

    private void Postpone(CommitReport report, string error, TimeSpan least)
    {
        var now = _time.GetUtcNow();
        report.Attempts++;
        report.Error = error.Length <= LongestError ? error : error[..LongestError];
        var delay = TimeSpan.FromSeconds(Math.Min(5 * Math.Pow(2, Math.Min(report.Attempts, 12)), 1800));
        var next = now + (delay > least ? delay : least);
        report.DueAt = next > report.WantedAt + s_longest ? null : next;
    }

    [LoggerMessage(2506, LogLevel.Warning, "'{Host}' was not told of commit {Commit} in attempt {Attempt}: {Reason}")]
    private partial void LogNotTold(string host, string commit, int attempt, string reason);

    [LoggerMessage(2507, LogLevel.Error, "A report for '{Host}' could not be made.")]
    private partial void LogBroken(string host, Exception failure);
}
