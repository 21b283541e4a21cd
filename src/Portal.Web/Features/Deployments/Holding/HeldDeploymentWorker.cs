using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using Portal.Data;
using Portal.Data.Entities.Deployments;
using Portal.Web.Access;
using Portal.Web.Audit;
using Portal.Web.Features.Deployments.Telling;
using Portal.Web.Features.Environments.Rules;
using Portal.Web.Features.Stacks;
using Portal.Web.Reconcilers;

namespace Portal.Web.Features.Deployments.Holding;

/// <summary>
/// Sees to deployments that are held, in one portal of all: begins those whose window has opened, ends those that nobody approved in
/// time, and
/// fixes the images of those that wait for approval.
/// </summary>
internal sealed partial class HeldDeploymentWorker(
    NpgsqlDataSource database,
    IDbContextFactory<PortalDbContext> contexts,
    DeploymentReleases releases,
    ImagePinner pinner,
    IAuditLog audit,
    TimeProvider time,
    ILogger<HeldDeploymentWorker> logger)
    : SoleWorker(database, LockKey, s_interval, time, logger)
{
    // "deplhold" in ASCII.
    private const long LockKey = 0x6465706C686F6C64;
    private const int PinnedAtOnce = 8;
    private const int LongestMessage = 2048;
    private static readonly TimeSpan s_interval = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan s_again = TimeSpan.FromSeconds(30);
    private readonly TimeProvider _time = time;
    private readonly ILogger _logger = logger;

    protected override string Name => "holding deployments";

    /// <summary>Sees to all of them once.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await using var work = await contexts.CreateDbContextAsync(cancellationToken);
        var held = await work.Deployments.AsNoTracking()
            .Where(row => row.State == "AwaitingApproval" || row.State == "AwaitingWindow")
            .OrderBy(row => row.CreatedAt).ToListAsync(cancellationToken);
        var now = _time.GetUtcNow();
        foreach (var row in held.Where(row => row.State == nameof(DeploymentState.AwaitingWindow)))
        {
            await OpenAsync(work, row, now, cancellationToken);
        }

        var asked = held.Where(row => row.State == nameof(DeploymentState.AwaitingApproval)).ToLookup(row => row.DecideUntil <= now);
        foreach (var row in asked[true])
        {
            await ExpireAsync(row, cancellationToken);
        }

        // Beside each other: a registry that does not answer holds up no other.
        var due = asked[false].Where(row => row.PinnedAt is null && !(row.PinTriedAt > now - s_again)).Take(PinnedAtOnce);
        await Task.WhenAll(due.Select(row => PinAsync(row, cancellationToken)));
    }

    protected override Task RunRoundAsync(CancellationToken cancellationToken) => RunAsync(cancellationToken);

    private async Task OpenAsync(PortalDbContext work, Deployment row, DateTimeOffset now, CancellationToken cancellationToken)
    {
        // Looked up anew: the rules may be others than when it was asked for.
        var opens = DeployCalendar.NextOpen(await EnvironmentRules.OfAsync(work, row, cancellationToken), now);
        if (opens <= now)
        {
            await releases.ReleaseAsync(row.Id, DeploymentState.AwaitingWindow, (_, _) => { }, false, cancellationToken);
        }
        else if (opens != row.OpensAt)
        {
            await work.Deployments.Where(held => held.Id == row.Id && held.State == "AwaitingWindow")
                .ExecuteUpdateAsync(change => change.SetProperty(held => held.OpensAt, opens), cancellationToken);
        }
    }

    private async Task ExpireAsync(Deployment row, CancellationToken cancellationToken)
    {
        var ended = await releases.EndAsync(
            row.Id,
            DeploymentState.AwaitingApproval,
            async (database, held, now) =>
            {
                (held.State, held.Message) = (nameof(DeploymentState.Expired), N("Nobody approved it in time. Ask for it anew."));
                await DeploymentMessages.AddAsync(database, held, DeploymentEvent.NotApproved, now, cancellationToken);
            },
            cancellationToken);
        if (ended is not null)
        {
            var entry = new AuditEntry(
                Actor.Portal, "deployment.expire", "stack", $"{row.StackId}", row.StackName, row.AuditNode(), AuditOutcome.Succeeded,
                $"revision {row.Revision}, {row.Id}");
            await audit.WriteAsync(entry, CancellationToken.None);
        }
    }

    private async Task PinAsync(Deployment row, CancellationToken cancellationToken)
    {
        var (pins, message) = (row.Pins, "");
        DateTimeOffset? pinned = null;
        try
        {
            pins = JsonSerializer.Serialize(await pinner.FindAsync(row, cancellationToken));
            pinned = _time.GetUtcNow();
        }
        catch (StackException failure)
        {
            message = E("Its images can't be fixed yet, which is tried again: {0:said}", failure.Message);
            message = message.Length <= LongestMessage ? message : message[..LongestMessage];
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
        {
            message = N("Its images can't be fixed yet, which is tried again; the portal's log says more.");
            LogNotPinned(row.StackName, failure);
        }

        await using var work = await contexts.CreateDbContextAsync(cancellationToken);
        var tried = _time.GetUtcNow();
        await work.Deployments.Where(held => held.Id == row.Id && held.State == "AwaitingApproval" && held.PinnedAt == null)
            .ExecuteUpdateAsync(
                change => change.SetProperty(held => held.Pins, pins).SetProperty(held => held.PinnedAt, pinned)
                    .SetProperty(held => held.PinTriedAt, tried).SetProperty(held => held.Message, message),
                cancellationToken);
    }

    [LoggerMessage(2505, LogLevel.Warning, "The images of the deployment of '{Stack}' that waits for approval could not be fixed.")]
    private partial void LogNotPinned(string stack, Exception failure);
}
