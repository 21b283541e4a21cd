using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Security.Claims;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Portal.Compose.Planning;
using Portal.Contracts.Hubs;
using Portal.Data;
using Portal.Data.Entities.Stacks;
using Portal.Testing.Engine;
using Portal.Web.Access;
using Portal.Web.Audit;
using Portal.Web.Features.Deployments;
using Portal.Web.Features.Updates;
using Portal.Web.Features.Updates.Checking;
using Portal.Web.Features.Updates.Policies;
using Portal.Web.Features.Updates.Rules;
using Portal.Web.Nodes;
using Portal.Web.Tests.Support;

namespace Portal.Web.Tests.Features.Updates;

/// <summary>Stacks that follow their images, with a clock and a fleet that the test holds, in a real database.</summary>
public sealed class ImagePolicyTests(TestPortal portal) : IClassFixture<TestPortal>, IDeployments
{
    private const string Repository = "example.com/app";
    private const string ImageId = "sha256:local";
    private readonly FakeTimeProvider _time = new();
    private readonly FakeFleet _fleet = new();
    private readonly ImageUpdates _updates = new();
    private readonly List<DeploymentOrder> _orders = [];

    private IDbContextFactory<PortalDbContext> Contexts => portal.Services.GetRequiredService<IDbContextFactory<PortalDbContext>>();

    private ImagePolicyDirectory Directory => new(
        Contexts, portal.Services.GetRequiredService<IAuthorizer>(), portal.Services.GetRequiredService<IAuditLog>(), _time);

    [Fact]
    public async Task AtOnce_NewerImage_IsDeployedOnceForEachDigest()
    {
        var (user, stack) = await StackAsync();
        using var worker = Worker();
        await Directory.SaveAsync(user, stack.Id, ImagePolicyMode.AtOnce, default, default);

        Registry(stack, "sha256:1");
        await worker.RunAsync(default);
        var current = OrdersOf(stack).Count;
        Registry(stack, "sha256:2");
        await worker.RunAsync(default);
        await worker.RunAsync(default);
        var once = OrdersOf(stack).Count;
        Registry(stack, "sha256:3");
        await worker.RunAsync(default);
        var found = await Directory.FindAsync(user, stack.Id, default);

        Assert.Equal((0, 1), (current, once));
        Assert.Equal(2, OrdersOf(stack).Count);
        var order = OrdersOf(stack)[0];
        Assert.Equal(
            (DeploymentCause.Image, PullPolicy.Always, (int?)1, (Guid?)null, "example.com/app:1 is sha256:2"),
            (order.Cause, order.PullPolicy, order.Revision, order.ActorId, order.CauseText));
        Assert.Equal((ImagePolicyMode.AtOnce, stack.Id), (found!.Mode, found.DeploymentId!.Value));
    }

    [Fact]
    public async Task Daily_NewerImage_WaitsForItsTimeAndMakesUpForOneThatWasMissed()
    {
        var (user, stack) = await StackAsync();
        using var worker = Worker();
        var at = TimeOnly.FromDateTime(_time.GetUtcNow().UtcDateTime).AddHours(2);
        await Directory.SaveAsync(user, stack.Id, ImagePolicyMode.Daily, at, default);
        Registry(stack, "sha256:2");

        _time.Advance(TimeSpan.FromHours(1));
        await worker.RunAsync(default);
        var early = OrdersOf(stack).Count;
        _time.Advance(TimeSpan.FromHours(1.1));
        await worker.RunAsync(default);
        var then = OrdersOf(stack).Count;
        Registry(stack, "sha256:3");
        await worker.RunAsync(default);
        var same = OrdersOf(stack).Count;
        _time.Advance(TimeSpan.FromDays(3));
        await worker.RunAsync(default);

        Assert.Equal((0, 1, 1, 2), (early, then, same, OrdersOf(stack).Count));
    }

    [Fact]
    public async Task Off_OrNodeAway_NothingIsDeployed()
    {
        var (user, stack) = await StackAsync();
        using var worker = Worker();
        await Directory.SaveAsync(user, stack.Id, ImagePolicyMode.AtOnce, default, default);
        await Directory.SaveAsync(user, stack.Id, ImagePolicyMode.Off, default, default);
        Registry(stack, "sha256:2");
        await worker.RunAsync(default);
        var off = OrdersOf(stack).Count;
        await Directory.SaveAsync(user, stack.Id, ImagePolicyMode.AtOnce, default, default);
        _fleet.Set(_fleet.Current.Nodes[stack.NodeId] with { Presence = NodePresence.Offline });
        await worker.RunAsync(default);

        Assert.Equal((0, 0), (off, OrdersOf(stack).Count));
    }

    [Fact]
    public async Task SaveAsync_WithoutTheRightToDeploy_IsRefusedAndTheViewerSeesIt()
    {
        var (_, stack) = await StackAsync();
        var viewer = await PersonAsync(BuiltInRoles.Viewer, null);
        var stranger = await PersonAsync(null, null);

        await Assert.ThrowsAsync<AccessDeniedException>(
            () => Directory.SaveAsync(viewer, stack.Id, ImagePolicyMode.AtOnce, default, default));

        Assert.Equal(ImagePolicyView.None, await Directory.FindAsync(viewer, stack.Id, default));
        Assert.Null(await Directory.FindAsync(stranger, stack.Id, default));
    }

    Task<Guid> IDeployments.EnqueueAsync(DeploymentOrder order, CancellationToken cancellationToken)
    {
        _orders.Add(order);
        return Task.FromResult(order.StackId);
    }

    Task<bool> IDeployments.CancelAsync(Guid deploymentId, string by, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    private List<DeploymentOrder> OrdersOf(Stack stack) => [.. _orders.Where(order => order.StackId == stack.Id)];

    // No service has a rule for its tag here.
    private ImagePolicyWorker Worker() => new(
        Contexts, _fleet, _updates, this, portal.Services.GetRequiredService<ImageTaking>(), new ImageCheckOptions(), _time,
        NullLogger<ImagePolicyWorker>.Instance);

    private void Registry(Stack stack, string digest) => _updates.Show(
        new Dictionary<string, ImageUpdates.Tag>
        {
            [$"{Repository}:1"] = new(Repository, digest, _time.GetUtcNow(), ""),
        }.ToFrozenDictionary(),
        new Dictionary<(Guid NodeId, string ImageId), FrozenSet<string>>
        {
            [(stack.NodeId, ImageId)] = new[] { $"{Repository}@sha256:1" }.ToFrozenSet(),
        }.ToFrozenDictionary());

    private async Task<(ClaimsPrincipal User, Stack Stack)> StackAsync()
    {
        var nodeId = await portal.AddNodeAsync($"policy-{Guid.NewGuid():n}");

        // The portal's own worker, whose clock is another, keeps away from nodes that are away.
        var node = portal.Fleet.Current.Nodes[nodeId];
        portal.Fleet.Set(node with { Presence = NodePresence.Offline });
        var stack = new Stack
        {
            Id = Guid.NewGuid(), Name = "shop", NodeId = nodeId, NodeName = node.Name, Revision = 1, GoodRevision = 1,
            CreatedAt = _time.GetUtcNow(),
        };
        await using var database = await Contexts.CreateDbContextAsync();
        database.Stacks.Add(stack);
        database.StackRevisions.Add(new StackRevision
        {
            StackId = stack.Id, Number = 1, AuthorName = "ann", CreatedAt = _time.GetUtcNow(),
            File = $"services: {{web: {{image: '{Repository}:1'}}}}",
        });
        await database.SaveChangesAsync();
        var container = new ContainerView
        {
            Id = new string('c', 64), Name = "shop-web-1", Image = $"{Repository}:1", ImageId = ImageId, State = "running",
            Labels = new Dictionary<string, string> { [ComposeLabels.Project] = "shop" },
        };
        _fleet.Set(node with
        {
            Presence = NodePresence.Online,
            Containers = ImmutableDictionary<string, ContainerView>.Empty.Add(container.Id, container),
        });
        return (await PersonAsync(BuiltInRoles.Deployer, nodeId), stack);
    }

    private async Task<ClaimsPrincipal> PersonAsync(string? role, Guid? nodeId)
    {
        var id = await portal.AddPersonAsync($"p{Guid.NewGuid():n}", role, nodeId);
        return new ClaimsPrincipal(new ClaimsIdentity([new Claim(ClaimTypes.NameIdentifier, $"{id}")], "test"));
    }
}
