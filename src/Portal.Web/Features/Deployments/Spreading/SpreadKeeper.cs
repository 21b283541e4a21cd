using Microsoft.EntityFrameworkCore;
using Npgsql;
using Portal.Compose.Model;
using Portal.Data;
using Portal.Data.Entities.Stacks;
using Portal.Web.Features.Deployments.Applying;
using Portal.Web.Features.Deployments.Node;
using Portal.Web.Features.Stacks;
using Portal.Web.Features.Stacks.Files;
using Portal.Web.Nodes;
using Portal.Web.Reconcilers;

namespace Portal.Web.Features.Deployments.Spreading;

/// <summary>
/// Has stacks over several nodes placed anew when a node is drained, lost or back: in one portal, by an ordinary deployment of the revision
/// that runs. What people stopped is left alone, but for nodes that were lost then: they make up for it when they are back.
/// </summary>
internal sealed partial class SpreadKeeper(
    NpgsqlDataSource database,
    IDbContextFactory<PortalDbContext> contexts,
    IDeployments deployments,
    StackSecrets secrets,
    IFleet fleet,
    LostNodes lost,
    TimeProvider time,
    ILogger<SpreadKeeper> logger)
    : SoleWorker(database, LockKey, TimeSpan.FromSeconds(2), time, logger)
{
    // "spread" in ASCII.
    private const long LockKey = 0x737072656164;
    private static readonly TimeSpan s_again = TimeSpan.FromMinutes(5);
    private readonly Dictionary<Guid, (string Key, ComposeProject? Project)> _projects = [];
    private readonly TimeProvider _time = time;
    private readonly ILogger _logger = logger;
    private long _seen = -1;
    private DateTimeOffset _looked;

    protected override string Name => "keeping stacks on nodes that are there";

    /// <summary>One look at all such stacks.</summary>
    internal Task LookAsync(CancellationToken cancellationToken) => RunRoundAsync(cancellationToken);

    protected override async Task RunRoundAsync(CancellationToken cancellationToken)
    {
        // That a node is lost is no change of the picture, but of the time.
        var (picture, now) = (fleet.Current, _time.GetUtcNow());
        if (picture.Version == _seen && now - _looked < TimeSpan.FromSeconds(10))
        {
            return;
        }

        (_seen, _looked) = (picture.Version, now);
        await using var database = await contexts.CreateDbContextAsync(cancellationToken);
        await MakeUpAsync(database, picture, cancellationToken);
        var stacks = await database.Stacks.AsNoTracking()
            .Where(stack => stack.EnvironmentId != null && stack.Intent == "Running" && stack.GoodRevision != null)
            .Where(stack => !database.Deployments.Any(row => row.StackId == stack.Id && (row.State == "Queued" || row.State == "Running" || row.State == "Paused")))
            .ToListAsync(cancellationToken);
        foreach (var gone in _projects.Keys.Except(stacks.Select(stack => stack.Id)).ToArray())
        {
            _projects.Remove(gone);
        }

        foreach (var stack in stacks)
        {
            if (await LoadAsync(database, stack, cancellationToken) is { } project
                && SpreadLook.WhyPlace(stack, project, picture, lost.IsLost) is { Length: > 0 } why)
            {
                await PlaceAsync(database, stack, why, cancellationToken);
            }
        }
    }

    // What nodes have missed is done by the same job as on the others: when it fails it is tried again.
    private async Task MakeUpAsync(PortalDbContext database, FleetState picture, CancellationToken cancellationToken)
    {
        var missed = await (
            from row in database.MissedMoves.AsNoTracking()
            join stack in database.Stacks.AsNoTracking() on row.StackId equals stack.Id
            where !database.Deployments.Any(other => other.StackId == stack.Id && other.FinishedAt == null)
            select new { row, stack }).ToListAsync(cancellationToken);
        foreach (var group in missed.Where(one => MissedMoves.IsWanted(one.row.Operation, one.stack))
            .Where(one => picture.Nodes.GetValueOrDefault(one.row.NodeId)?.Presence == NodePresence.Online)
            .GroupBy(one => (one.stack.Id, one.row.Operation)))
        {
            var stack = group.First().stack;
            var names = group.Select(one => $"'{picture.Nodes[one.row.NodeId].Name}'").Order(StringComparer.Ordinal);
            var isStop = group.Key.Operation == nameof(DeploymentOperation.Stop);
            var back = string.Join(", ", names);
            var why = isStop ? E("{0} back: what was stopped meanwhile is so there too", back)
                : E("{0} back: what was removed meanwhile is so there too", back);
            await EnqueueAsync(
                database,
                stack,
                why,
                text => new DeploymentOrder(stack.Id, stack.GoodRevision ?? stack.Revision, DeploymentCause.Placement, text, null, "portal")
                {
                    Operation = isStop ? DeploymentOperation.Stop : DeploymentOperation.Remove,
                    RemoveVolumes = group.Any(one => one.row.RemoveVolumes),
                },
                cancellationToken);
        }
    }

    private Task PlaceAsync(PortalDbContext database, Stack stack, string why, CancellationToken cancellationToken) => EnqueueAsync(
        database,
        stack,
        why,
        text => new DeploymentOrder(stack.Id, stack.GoodRevision, DeploymentCause.Placement, text, null, "portal"),
        cancellationToken);

    private async Task EnqueueAsync(
        PortalDbContext database, Stack stack, string why, Func<string, DeploymentOrder> order, CancellationToken cancellationToken)
    {
        // What did not help, or failed, is not tried again and again.
        var text = why.Length <= 500 ? why : why[..500];
        var since = _time.GetUtcNow() - s_again;
        if (await database.Deployments.AnyAsync(
            row => row.StackId == stack.Id && row.Cause == nameof(DeploymentCause.Placement) && row.CauseText == text
                && row.CreatedAt > since,
            cancellationToken))
        {
            return;
        }

        try
        {
            await deployments.EnqueueAsync(order(text), cancellationToken);
            LogPlaced(stack.Name, text);
        }
        catch (StackException)
        {
            // It was deleted meanwhile.
        }
    }

    private async Task<ComposeProject?> LoadAsync(PortalDbContext database, Stack stack, CancellationToken cancellationToken)
    {
        var key = $"{stack.GoodRevision} {stack.Scales}";
        if (_projects.TryGetValue(stack.Id, out var known) && known.Key == key)
        {
            return known.Project;
        }

        ComposeProject? project = null;
        var revision = await database.StackRevisions.AsNoTracking()
            .SingleOrDefaultAsync(row => row.StackId == stack.Id && row.Number == stack.GoodRevision, cancellationToken);
        try
        {
            project = revision is null ? null : DeploymentProject.Load(
                stack, revision, await StackFileStore.ReadAsync(database, revision, cancellationToken), secrets).Project;
        }
        catch (DeploymentRefusedException failure)
        {
            LogNotRead(stack.Name, failure.Message);
        }

        _projects[stack.Id] = (key, project);
        return project;
    }

    [LoggerMessage(2570, LogLevel.Information, "Replicas of '{Stack}' are placed anew: {Reason}.")]
    private partial void LogPlaced(string stack, string reason);

    [LoggerMessage(2571, LogLevel.Warning, "'{Stack}' can't be kept on nodes that are there, since its files can't be read: {Reason}")]
    private partial void LogNotRead(string stack, string reason);
}
