using System.Security.Claims;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Portal.Compose.Placing;
using Portal.Compose.Planning;
using Portal.Data;
using Portal.Data.Entities;
using Portal.Data.Entities.Access;
using Portal.Web.Access;
using Portal.Web.Features.Deployments;
using Portal.Web.Features.Environments;
using Portal.Web.Features.Stacks;
using Portal.Web.Nodes;
using Portal.Web.Tests.Support;

namespace Portal.Web.Tests.Features.Stacks;

/// <summary>Stacks over the nodes of an environment: who may what with them, and which names they can have.</summary>
public sealed class SpreadStackTests(TestPortal portal) : IClassFixture<TestPortal>
{
    private const string File = "services: {web: {image: a, ports: ['8080:80'], deploy: {replicas: 2}}}";

    private StackDirectory Directory => portal.Services.GetRequiredService<StackDirectory>();

    [Fact]
    public async Task Stack_OverNodes_IsForGrantsOnItsEnvironmentAlone()
    {
        var (environment, nodes) = await EnvironmentAsync("grants");
        var onNode = await PersonAsync("spread-node", null, nodes[0]);
        var onAll = await PersonAsync("spread-environment", environment, null);
        var draft = Draft("shop", environment);

        await Assert.ThrowsAsync<AccessDeniedException>(() => Directory.SaveAsync(onNode, draft, default));
        var id = await Directory.SaveAsync(onAll, draft, default);

        Assert.Null(await Directory.FindAsync(onNode, id, default));
        Assert.Null(await Directory.ReadFilesAsync(onNode, id, 1, default));
        Assert.DoesNotContain(await Directory.ListAsync(onNode, default), stack => stack.Id == id);
        var (stack, _) = (await Directory.FindAsync(onAll, id, default))!.Value;
        Assert.Equal((environment, Guid.Empty, "grants"), (stack.EnvironmentId!.Value, stack.NodeId, stack.NodeName));
        var commands = portal.Services.GetRequiredService<DeploymentCommands>();
        var request = new DeploymentRequest(id, DeploymentOperation.Deploy, null, "");
        await Assert.ThrowsAsync<StackException>(() => commands.OrderAsync(onNode, request, default));
        var deployment = await commands.OrderAsync(onAll, request, default);
        var queries = portal.Services.GetRequiredService<DeploymentQueries>();
        Assert.Null(await queries.FindAsync(onNode, deployment, default));
        Assert.Equal(environment, (await queries.FindAsync(onAll, deployment, default))!.Value.Deployment.EnvironmentId);
        await commands.CancelAsync(onAll, deployment, default);
    }

    [Fact]
    public async Task Stack_OverNodes_SharesItsNameWithNoneOfThem()
    {
        var (environment, nodes) = await EnvironmentAsync("names");
        var (other, _) = await EnvironmentAsync("names-elsewhere");
        var user = await PersonAsync("spread-names", null, null);
        await Directory.SaveAsync(user, new StackDraft(null, nodes[1], "one", 0, "services: {web: {image: a}}", "", ""), default);
        await Directory.SaveAsync(user, Draft("two", environment), default);

        var over = await Assert.ThrowsAsync<StackException>(() => Directory.SaveAsync(user, Draft("one", environment), default));
        var on = await Assert.ThrowsAsync<StackException>(() => Directory.SaveAsync(
            user, new StackDraft(null, nodes[0], "two", 0, "services: {web: {image: a}}", "", ""), default));
        await Directory.SaveAsync(user, Draft("two", other), default);

        Assert.Contains("'one' on 'names-1' already", over.Message, StringComparison.Ordinal);
        Assert.Contains("'two' on 'names' already", on.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Check_OverNodes_SaysOfEachWhatWouldChange()
    {
        var (environment, nodes) = await EnvironmentAsync("checks");
        var user = await PersonAsync("spread-checks", environment, null);

        var check = await Directory.CheckAsync(user, Draft("shop", environment), default);
        var onOne = await Directory.CheckAsync(
            await PersonAsync("spread-one", null, nodes[0]), new StackDraft(null, nodes[0], "shop", 0, File, "", ""), default);

        Assert.Equal(
            ["shop-web-1 checks-0", "shop-web-2 checks-1"],
            check.Plan!.Changes.Where(step => step.Subject == PlanSubject.Container).Select(step => $"{step.Name} {step.NodeName}"));
        Assert.Contains(onOne.Problems, problem => problem.Message.Contains("can't publish the one port", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Environment_WithAStackOverIt_IsNotDeleted()
    {
        var (environment, _) = await EnvironmentAsync("kept");
        var user = await PersonAsync("spread-admin", null, null, BuiltInRoles.Administrator);
        await Directory.SaveAsync(user, Draft("shop", environment), default);

        var change = await portal.Services.GetRequiredService<EnvironmentDirectory>().RemoveAsync(user, environment, Guid.Empty, default);

        Assert.Contains("'shop' is spread over 'kept'", change.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Node_WithReplicasOfAStackOverItsEnvironment_StaysInIt()
    {
        var (environment, nodes) = await EnvironmentAsync("stays");
        var user = await PersonAsync("spread-mover", null, null, BuiltInRoles.Administrator);
        var id = await Directory.SaveAsync(user, Draft("shop", environment), default);
        await using var database = await portal.Services.GetRequiredService<IDbContextFactory<PortalDbContext>>().CreateDbContextAsync();
        var placement = new StackPlacement([new PlacedReplica("web", 1, nodes[0])]).ToJson();
        await database.Stacks.Where(stack => stack.Id == id).ExecuteUpdateAsync(change => change.SetProperty(row => row.Placement, placement));
        var environments = portal.Services.GetRequiredService<EnvironmentDirectory>();

        var refused = await environments.PlaceAsync(user, nodes[0], null, default);
        var moved = await environments.PlaceAsync(user, nodes[1], null, default);

        Assert.Contains("has replicas of the stack 'shop'", refused.Error, StringComparison.Ordinal);
        Assert.Null(moved.Error);
    }

    private static StackDraft Draft(string name, Guid environment) =>
        new(null, Guid.Empty, name, 0, File, "", "") { EnvironmentId = environment };

    private async Task<(Guid Environment, Guid[] Nodes)> EnvironmentAsync(string name)
    {
        var row = new NodeEnvironment { Id = Guid.CreateVersion7(), Name = name, Color = "blue" };
        await using var database = await portal.Services.GetRequiredService<IDbContextFactory<PortalDbContext>>().CreateDbContextAsync();
        database.Environments.Add(row);
        await database.SaveChangesAsync();
        Guid[] nodes = [await portal.AddNodeAsync($"{name}-0"), await portal.AddNodeAsync($"{name}-1")];
        foreach (var node in nodes)
        {
            await database.Nodes.Where(one => one.Id == node).ExecuteUpdateAsync(change => change.SetProperty(one => one.EnvironmentId, row.Id));
            portal.Fleet.Set(portal.Fleet.Current.Nodes[node] with { Environment = new FleetEnvironment(row.Id, name, "blue") });
        }

        return (row.Id, nodes);
    }

    private async Task<ClaimsPrincipal> PersonAsync(string name, Guid? environment, Guid? node, string role = BuiltInRoles.Deployer)
    {
        var id = await portal.AddPersonAsync(name, environment is null ? role : null, node);
        if (environment is not null)
        {
            await using var database = await portal.Services.GetRequiredService<IDbContextFactory<PortalDbContext>>().CreateDbContextAsync();
            database.Grants.Add(new Grant
            {
                Id = Guid.CreateVersion7(), UserId = id, Role = role, EnvironmentId = environment, CreatedAt = TimeProvider.System.GetUtcNow(),
            });
            await database.SaveChangesAsync();
        }

        return new ClaimsPrincipal(
            new ClaimsIdentity([new Claim(ClaimTypes.NameIdentifier, id.ToString()), new Claim(ClaimTypes.Name, name)], "test"));
    }
}
