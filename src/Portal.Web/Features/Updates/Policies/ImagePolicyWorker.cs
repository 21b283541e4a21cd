using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Data.Entities.Images;
using Portal.Data.Entities.Stacks;
using Portal.Web.Features.Deployments;
using Portal.Web.Features.Stacks;
using Portal.Web.Nodes;

namespace Portal.Web.Features.Updates.Policies;

/// <summary>
/// Deploys stacks that follow their images, when these are newer. What was deployed for is written down by its digests: images that
/// made a
/// deployment fail are not tried again, until there are others. What a person stopped stays so: the queue sees to that.
/// </summary>
/// <remarks>
/// At least once: a portal that dies after it has queued a deployment and before it noted that leaves the policy to another, whose
/// deployment
/// finds everything in place.
/// </remarks>
internal sealed partial class ImagePolicyWorker(
    IDbContextFactory<PortalDbContext> contexts,
    IFleet fleet,
    ImageUpdates updates,
    IDeployments deployments,
    TimeProvider time,
    ILogger<ImagePolicyWorker> logger) : BackgroundService
{
    private const int LongestCause = 400;
    private static readonly TimeSpan s_round = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan s_lease = TimeSpan.FromMinutes(2);

    /// <summary>Sees to all policies once.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await using var database = await contexts.CreateDbContextAsync(cancellationToken);
        var all = await (
            from policy in database.ImagePolicies.AsNoTracking()
            join stack in database.Stacks.AsNoTracking() on policy.StackId equals stack.Id
            where stack.GoodRevision != null
            select new { policy, stack }).ToListAsync(cancellationToken);
        foreach (var one in all)
        {
            try
            {
                await LookAsync(one.policy, one.stack, cancellationToken);
            }
            catch (StackException failure)
            {
                // It was removed meanwhile; others are not to wait for that.
                LogNotDeployed(one.stack.Name, failure.Message);
            }
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await RunAsync(stoppingToken);
            }
            catch (Exception failure) when (!stoppingToken.IsCancellationRequested)
            {
                LogRoundFailed(failure);
            }
            catch (OperationCanceledException)
            {
                return;
            }

            await Task.Delay(s_round, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    // A time that came while no portal ran is made up for.
    private static bool IsDue(ImagePolicy policy, DateTimeOffset now)
    {
        var today = new DateTimeOffset(now.UtcDateTime.Date, TimeSpan.Zero).AddMinutes(policy.AtMinute);
        var last = today <= now ? today : today.AddDays(-1);
        return policy.Mode == nameof(ImagePolicyMode.AtOnce) || policy.LookedAt < last;
    }

    private static string HashOf(IEnumerable<string> images) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', images))));

    private async Task LookAsync(ImagePolicy policy, Stack stack, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var nodes = RunningStacks.NodesOf(stack, fleet.Current).Where(node => node.Presence == NodePresence.Online).ToArray();
        if (!IsDue(policy, now) || nodes.Length == 0)
        {
            return;
        }

        var newer = nodes.SelectMany(node => RunningStacks.Of(node)[stack.Name]
                .Select(container => (container.Image, Update: updates.Of(node.Id, container))))
            .Where(one => one.Update.IsAvailable)
            .Select(one => $"{one.Image} is {one.Update.Digest}")
            .Distinct().Order(StringComparer.Ordinal).ToList();
        var hash = HashOf(newer);
        if (newer.Count == 0 || hash == policy.Tried)
        {
            if (policy.Mode == nameof(ImagePolicyMode.Daily))
            {
                await NoteAsync(policy, row => row.LookedAt = now, cancellationToken);
            }
        }
        else if (await ClaimAsync(policy, now, cancellationToken))
        {
            var text = string.Join(", ", newer);
            var order = new DeploymentOrder(
                stack.Id, stack.GoodRevision, DeploymentCause.Image, text.Length > LongestCause ? text[..LongestCause] + "…" : text, null,
                "image policy", PullPolicy.Always)
            {
                AskedById = policy.OwnerId,
            };
            var id = await deployments.EnqueueAsync(order, cancellationToken);
            await NoteAsync(
                policy,
                row => (row.LookedAt, row.Tried, row.TriedAt, row.DeploymentId, row.ClaimedUntil) = (now, hash, now, id, null),
                CancellationToken.None);
        }
    }

    // Of all portals one, and only while nobody has changed or done it since it was read.
    private async Task<bool> ClaimAsync(ImagePolicy policy, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var database = await contexts.CreateDbContextAsync(cancellationToken);
        var until = now + s_lease;
        return await database.ImagePolicies
            .Where(row => row.StackId == policy.StackId && row.Tried == policy.Tried && row.ChangedAt == policy.ChangedAt
                && (row.ClaimedUntil == null || row.ClaimedUntil < now))
            .ExecuteUpdateAsync(row => row.SetProperty(one => one.ClaimedUntil, until), cancellationToken) > 0;
    }

    private async Task NoteAsync(ImagePolicy policy, Action<ImagePolicy> change, CancellationToken cancellationToken)
    {
        await using var database = await contexts.CreateDbContextAsync(cancellationToken);
        if (await database.ImagePolicies.SingleOrDefaultAsync(row => row.StackId == policy.StackId, cancellationToken) is { } row)
        {
            change(row);
            await database.SaveChangesAsync(cancellationToken);
        }
    }

    [LoggerMessage(2563, LogLevel.Warning, "'{Stack}' has newer images and was not deployed: {Reason}")]
    private partial void LogNotDeployed(string stack, string reason);

    [LoggerMessage(2562, LogLevel.Warning, "Seeing to the image policies of stacks failed; it is tried again.")]
    private partial void LogRoundFailed(Exception failure);
}
