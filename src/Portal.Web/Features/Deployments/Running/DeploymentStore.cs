using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using Portal.Compose.Placing;
using Portal.Data;
using Portal.Data.Entities.Deployments;
using Portal.Data.Entities.Stacks;
using Portal.Web.Features.Deployments.Telling;
using Portal.Web.Features.Stacks.Files;

namespace Portal.Web.Features.Deployments.Running;

/// <summary>
/// Claims deployments and writes down how far they are. All that a portal writes of one holds only while its lease does.
/// </summary>
/// <remarks>Singleton; any thread. Leases are by the database's clock, so that portals need not agree on the time.</remarks>
internal sealed class DeploymentStore(IDbContextFactory<PortalDbContext> contexts, DeploymentOptions options, TimeProvider time)
{
    private const string UniqueViolation = "23505";

    /// <summary>The oldest that waits or whose portal died; null when there is nothing to do.</summary>
    public async Task<Deployment?> ClaimAsync(Guid owner, CancellationToken cancellationToken)
    {
        await using var database = await contexts.CreateDbContextAsync(cancellationToken);
        try
        {
            var claimed = await database.Deployments.FromSql($"""
                update deployments set
                    state = 'Running', owner_id = {owner}, attempt = attempt + 1,
                    lease_until = clock_timestamp() + {options.Lease}, heartbeat_at = clock_timestamp(),
                    started_at = coalesce(started_at, clock_timestamp()),
                    back_to = case when attempt = 0
                        then (select good_revision from stacks where stacks.id = deployments.stack_id) else back_to end
                where id = (
                    select waiting.id from deployments waiting
                    where (waiting.state = 'Running' and waiting.lease_until < clock_timestamp())
                        or (waiting.state = 'Queued' and not exists (
                            select 1 from deployments other where other.stack_id = waiting.stack_id and other.state = 'Running'))
                    order by waiting.created_at, waiting.id
                    limit 1
                    for update skip locked)
                returning *
                """).AsNoTracking().ToListAsync(cancellationToken);
            return claimed.SingleOrDefault();
        }
        catch (PostgresException failure) when (failure.SqlState == UniqueViolation)
        {
            // Another portal claimed another one of the same stack in this moment.
            return null;
        }
    }

    /// <summary>Renews the lease.</summary>
    /// <returns>Null when another portal has it by now; otherwise whether somebody cancelled.</returns>
    public async Task<bool?> BeatAsync(Deployment claim, CancellationToken cancellationToken)
    {
        await using var database = await contexts.CreateDbContextAsync(cancellationToken);
        var rows = await database.Database.SqlQuery<bool>($"""
            update deployments set lease_until = clock_timestamp() + {options.Lease}, heartbeat_at = clock_timestamp()
            where id = {claim.Id} and state = 'Running' and owner_id = {claim.OwnerId} and attempt = {claim.Attempt}
            returning cancelled_at is not null as "Value"
            """).ToListAsync(cancellationToken);
        return rows.Count == 0 ? null : rows[0];
    }

    /// <summary>Lets another portal go on at once.</summary>
    public async Task ReleaseAsync(Deployment claim, CancellationToken cancellationToken)
    {
        await using var database = await contexts.CreateDbContextAsync(cancellationToken);
        await database.Database.ExecuteSqlAsync($"""
            update deployments set lease_until = clock_timestamp()
            where id = {claim.Id} and state = 'Running' and owner_id = {claim.OwnerId} and attempt = {claim.Attempt}
            """, cancellationToken);
    }

    /// <summary>Writes down what the deployment is about to do, with what it needs for that.</summary>
    /// <exception cref="LeaseLostException">Another portal has it by now.</exception>
    public Task EnterAsync(Deployment claim, DeploymentPhase phase, CancellationToken cancellationToken) => WriteAsync(
        claim,
        row =>
        {
            // Whoever goes on with it finds it in a later phase.
            var isFirst = row.Phase == nameof(DeploymentPhase.Resolve);
            (row.Phase, row.Images, row.Message, row.GoneOnBy) = (phase.ToString(), claim.Images, claim.Message, claim.GoneOnBy);
            return isFirst ? DeploymentEvent.Started : null;
        },
        null,
        cancellationToken);

    /// <summary>Writes down which replica is to be on which node, and the images that they have there.</summary>
    /// <exception cref="LeaseLostException">Another portal has it by now.</exception>
    public Task PlaceAsync(Deployment claim, StackPlacement placement, CancellationToken cancellationToken) => WriteAsync(
        claim,
        row =>
        {
            row.Images = claim.Images;
            return null;
        },
        stack => stack.Placement = placement.ToJson(),
        cancellationToken);

    /// <summary>Leaves it where it is, until a person has it go on or back.</summary>
    /// <exception cref="LeaseLostException">Another portal has it by now.</exception>
    public Task PauseAsync(Deployment claim, string message, CancellationToken cancellationToken) => WriteAsync(
        claim,
        row =>
        {
            (row.State, row.Message, row.PausedAt, row.LeaseUntil) =
                (nameof(DeploymentState.Paused), Cut(message), time.GetUtcNow(), null);
            return DeploymentEvent.Paused;
        },
        null,
        cancellationToken);

    /// <summary>Ends it, and tells the stack what holds from now on.</summary>
    /// <remarks><c>also</c>: what is written with that.</remarks>
    /// <exception cref="LeaseLostException">Another portal has it by now.</exception>
    public Task FinishAsync(
        Deployment claim, DeploymentState state, string message, Action<Stack>? change, Func<PortalDbContext, Task>? also,
        CancellationToken cancellationToken) => WriteAsync(
        claim,
        row =>
        {
            (row.State, row.Message, row.FinishedAt, row.LeaseUntil) = (state.ToString(), Cut(message), time.GetUtcNow(), null);
            return DeploymentMessages.EventOf(state, row.Phase);
        },
        change,
        cancellationToken,
        also);

    /// <summary>The stack with one of its revisions and that one's files.</summary>
    public async Task<(Stack Stack, StackRevision Revision, StackFileSet Files)?> FindAsync(
        Guid stackId, int number, CancellationToken cancellationToken)
    {
        await using var database = await contexts.CreateDbContextAsync(cancellationToken);
        var found = await (
            from stack in database.Stacks.AsNoTracking()
            join revision in database.StackRevisions.AsNoTracking() on stack.Id equals revision.StackId
            where stack.Id == stackId && revision.Number == number
            select new { stack, revision }).SingleOrDefaultAsync(cancellationToken);
        return found is null
            ? null : (found.stack, found.revision, await StackFileStore.ReadAsync(database, found.revision, cancellationToken));
    }

    /// <summary>The images with which a revision was last deployed with success, by the service.</summary>
    public async Task<IReadOnlyDictionary<string, string>> ImagesOfAsync(Guid stackId, int revision, CancellationToken cancellationToken)
    {
        await using var database = await contexts.CreateDbContextAsync(cancellationToken);
        var images = await database.Deployments
            .Where(row => row.StackId == stackId && row.Revision == revision && row.State == "Succeeded" && row.Operation == "Deploy")
            .OrderByDescending(row => row.CreatedAt).Select(row => row.Images).FirstOrDefaultAsync(cancellationToken);
        return ReadImages(images ?? "{}");
    }

    /// <summary>Who cancelled it; empty when nobody did.</summary>
    public async Task<string> CancellerAsync(Guid id, CancellationToken cancellationToken)
    {
        await using var database = await contexts.CreateDbContextAsync(cancellationToken);
        return await database.Deployments.Where(row => row.Id == id && row.CancelledAt != null).Select(row => row.CancelledBy)
            .SingleOrDefaultAsync(cancellationToken) ?? "";
    }

    public static IReadOnlyDictionary<string, string> ReadImages(string images) =>
        JsonSerializer.Deserialize<Dictionary<string, string>>(images) ?? [];

    private async Task WriteAsync(
        Deployment claim, Func<Deployment, DeploymentEvent?> change, Action<Stack>? changeStack, CancellationToken cancellationToken,
        Func<PortalDbContext, Task>? also = null)
    {
        await using var database = await contexts.CreateDbContextAsync(cancellationToken);
        await using var transaction = await database.Database.BeginTransactionAsync(cancellationToken);
        var row = (await database.Deployments.FromSql($"""
            select * from deployments
            where id = {claim.Id} and state = 'Running' and owner_id = {claim.OwnerId} and attempt = {claim.Attempt} for update
            """).ToListAsync(cancellationToken)).SingleOrDefault() ?? throw new LeaseLostException();
        if (change(row) is { } happened)
        {
            await DeploymentMessages.AddAsync(database, row, happened, time.GetUtcNow(), cancellationToken);
        }

        if (changeStack is not null && await database.Stacks.FindAsync([claim.StackId], cancellationToken) is { } stack)
        {
            changeStack(stack);
        }

        if (also is not null)
        {
            await also(database);
        }

        await database.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    private static string Cut(string message) => message.Length <= 2048 ? message : message[..2047] + "…";
}
