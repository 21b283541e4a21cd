using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Data.Entities.Images;
using Portal.Data.Entities.Stacks;
using Portal.Web.Features.Deployments;
using Portal.Web.Features.Stacks;
using Portal.Web.Features.Updates.Checking;
using Portal.Web.Features.Updates.Rules;
using Portal.Web.Nodes;

namespace Portal.Web.Features.Updates.Policies;

/// <summary>
/// Deploys stacks that follow their images, when these are newer: tags that their rules choose, and else what their tags point at. What was
/// deployed for is written down: images that made a deployment fail are not tried again, until there are others. What a person stopped
/// stays so: the queue sees to that.
/// </summary>
/// <remarks>
/// At least once: a portal that dies after it has queued a deployment and before it noted that leaves the policy to another, whose
/// deployment finds everything in place.
/// </remarks>
internal sealed partial class ImagePolicyWorker(
    IDbContextFactory<PortalDbContext> contexts,
    IFleet fleet,
    ImageUpdates updates,
    IDeployments deployments,
    ImageTaking taking,
    ImageCheckOptions options,
    TimeProvider time,
    ILogger<ImagePolicyWorker> logger) : BackgroundService
{
    private const int LongestCause = 400;
    private const int LongestProblem = 1024;
    private static readonly TimeSpan s_round = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan s_lease = TimeSpan.FromMinutes(2);

    // After a registry did not say what tags it has.
    private static readonly TimeSpan s_backOff = TimeSpan.FromHours(1);

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
    private static bool IsDue(ImagePolicy policy, DateTimeOffset now) =>
        policy.Mode == nameof(ImagePolicyMode.AtOnce) || policy.LookedAt < LastTime(policy, now);

    private static DateTimeOffset LastTime(ImagePolicy policy, DateTimeOffset now)
    {
        var today = new DateTimeOffset(now.UtcDateTime.Date, TimeSpan.Zero).AddMinutes(policy.AtMinute);
        return today <= now ? today : today.AddDays(-1);
    }

    // Registries are asked for tags as seldom as for digests, and when the stack may follow others than before.
    private bool AreTagsDue(ImagePolicy policy, Stack stack, DateTimeOffset now) => policy.Mode == nameof(ImagePolicyMode.Daily)
        ? policy.TagsAt is null || policy.TagsAt < LastTime(policy, now)
        : policy.TagsAt is null || policy.TagsRevision != stack.Revision
            || (options.Interval > TimeSpan.Zero && policy.TagsAt + (policy.TagsProblem.Length > 0 ? s_backOff : options.Interval) <= now);

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
        if (stack.Intent == nameof(StackIntent.Running) && AreTagsDue(policy, stack, now)
            && await TakeTagsAsync(policy, stack, newer.Count > 0 ? hash : policy.Tried, now, cancellationToken))
        {
            return;
        }

        if (stack.Revision != stack.GoodRevision && await IsOnItsWayAsync(stack, cancellationToken))
        {
            // What runs is not deployed over another revision that waits or is being deployed.
            return;
        }

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

    /// <returns>True when there is nothing else to do in this round: tags were taken, or another portal looks for them.</returns>
    private async Task<bool> TakeTagsAsync(
        ImagePolicy policy, Stack stack, string tried, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using (var database = await contexts.CreateDbContextAsync(cancellationToken))
        {
            var mine = await database.ImagePolicies
                .Where(row => row.StackId == policy.StackId && row.TagsAt == policy.TagsAt && row.ChangedAt == policy.ChangedAt)
                .ExecuteUpdateAsync(
                    row => row.SetProperty(one => one.TagsAt, now).SetProperty(one => one.TagsRevision, stack.Revision), cancellationToken);
            if (mine == 0)
            {
                return true;
            }
        }

        TakenImages taken;
        try
        {
            taken = await taking.TakeAsync(stack.Id, null, cancellationToken);
        }
        catch (StackException failure)
        {
            taken = new TakenImages(null, "", failure.Message);
        }

        if (taken.Revision is not { } revision)
        {
            await NoteAsync(policy, row => row.TagsProblem = Cut(taken.Problem), CancellationToken.None);
            return false;
        }

        var order = new DeploymentOrder(
            stack.Id, revision, DeploymentCause.Image, taken.Text, null, FollowedImages.Author,
            tried == policy.Tried ? PullPolicy.Missing : PullPolicy.Always)
        {
            AskedById = policy.OwnerId,
        };
        var id = await deployments.EnqueueAsync(order, CancellationToken.None);
        await NoteAsync(
            policy,
            row => (row.TagsRevision, row.TagsProblem, row.LookedAt, row.Tried, row.TriedAt, row.DeploymentId) =
                (revision, Cut(taken.Problem), now, tried, now, id),
            CancellationToken.None);
        return true;
    }

    private static string Cut(string text) => text.Length <= LongestProblem ? text : text[..LongestProblem];

    private async Task<bool> IsOnItsWayAsync(Stack stack, CancellationToken cancellationToken)
    {
        await using var database = await contexts.CreateDbContextAsync(cancellationToken);
        return await database.Deployments.AnyAsync(
            row => row.StackId == stack.Id && row.FinishedAt == null && row.Operation == nameof(DeploymentOperation.Deploy)
                && row.Revision != stack.GoodRevision,
            cancellationToken);
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
