using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Portal.Contracts.Networks.V1;
using Portal.Data;
using Portal.Data.Entities.Access;
using Portal.Data.Entities.Overlays;
using Portal.Data.Entities.Stacks;
using Portal.Web.Features.Deployments.Node;
using Portal.Web.Features.Deployments.Spreading;
using Portal.Web.Features.Overlays;
using Portal.Web.Features.Overlays.Telling;
using Portal.Web.Tests.Support;

namespace Portal.Web.Tests.Features.Overlays;

/// <summary>Who has which port of every node, and what the stack's page shows of it.</summary>
public sealed class StackPortsTests(TestPortal portal) : IClassFixture<TestPortal>
{
    private IStackNetworks Networks => portal.Services.GetRequiredService<IStackNetworks>();

    private IDbContextFactory<PortalDbContext> Contexts => portal.Services.GetRequiredService<IDbContextFactory<PortalDbContext>>();

    [Fact]
    public async Task Publish_APortThatAnotherStackHas_IsRefusedWithinTheEnvironment()
    {
        var (here, elsewhere) = (await EnvironmentAsync(), await EnvironmentAsync());
        var (first, second, other) = (await StackAsync(here), await StackAsync(here), await StackAsync(elsewhere));
        await Networks.PublishAsync(first, Name(first), ["8080/tcp"], areAll: false, default);

        var refusal = await Assert.ThrowsAsync<DeploymentRefusedException>(() =>
            Networks.PublishAsync(second, Name(second), ["53/udp", "8080/tcp"], areAll: false, default));

        Assert.Contains($"8080/tcp for the network '{Name(first)}'", refusal.Message, StringComparison.Ordinal);
        await Networks.PublishAsync(second, Name(second), ["8080/udp"], areAll: false, default);
        await Networks.PublishAsync(other, Name(other), ["8080/tcp"], areAll: false, default);
        var found = await Networks.FindAsync(second, default);
        Assert.Equal(["8080/udp"], found.Ports[Name(second)]);
        Assert.Equal(Name(first), found.Held["8080/tcp"]);
        Assert.DoesNotContain("8080/udp", found.Held.Keys);
    }

    [Fact]
    public async Task Publish_ByTwoAtTheSameMoment_IsForOneOfThem()
    {
        var here = await EnvironmentAsync();
        var stacks = new List<Guid>();
        for (var number = 0; number < 4; number++)
        {
            stacks.Add(await StackAsync(here));
        }

        var refused = 0;
        await Task.WhenAll(stacks.Select(stack => Task.Run(async () =>
        {
            try
            {
                await Networks.PublishAsync(stack, Name(stack), ["9090/tcp"], areAll: false, default);
            }
            catch (DeploymentRefusedException)
            {
                Interlocked.Increment(ref refused);
            }
        })));

        Assert.Equal(3, refused);
    }

    [Fact]
    public async Task Publish_MoreAndThenFewer_LeavesWhatIsAskedFor()
    {
        var stack = await StackAsync(await EnvironmentAsync());

        await Networks.PublishAsync(stack, Name(stack), ["8080/tcp"], areAll: false, default);
        await Networks.PublishAsync(stack, Name(stack), ["53/udp", "8080/tcp"], areAll: false, default);
        Assert.Equal(["53/udp", "8080/tcp"], (await Networks.FindAsync(stack, default)).Ports[Name(stack)]);

        await Networks.PublishAsync(stack, Name(stack), ["53/udp"], areAll: true, default);
        Assert.Equal(["53/udp"], (await Networks.FindAsync(stack, default)).Ports[Name(stack)]);
    }

    [Fact]
    public async Task List_OfAStack_ShowsEachNodeAndWhoIsReady()
    {
        var stack = await StackAsync(await EnvironmentAsync());
        await Networks.PublishAsync(stack, Name(stack), ["8080/tcp"], areAll: false, default);
        var (one, two) = (await portal.AddNodeAsync($"a-{Guid.NewGuid():N}"), await portal.AddNodeAsync($"b-{Guid.NewGuid():N}"));
        await using (var database = await Contexts.CreateDbContextAsync())
        {
            var network = await database.OverlayNetworks.SingleAsync(row => row.StackId == stack);
            database.OverlayMembers.AddRange(
                Member(network, one, 1, IngressState.Ready, ""),
                Member(network, two, 2, IngressState.Leaving, "Port 8080/tcp: a program has it."));
            await database.SaveChangesAsync();
        }

        var line = Assert.Single(await portal.Services.GetRequiredService<StackPorts>().ListAsync(stack, default));

        Assert.Equal(("8080/tcp", 1, 2), (line.Port, line.Ready, line.Replicas));
        Assert.Equal(["198.18.0.1:8080", "198.18.0.2:8080"], line.Nodes.Select(node => node.Address));
        Assert.Equal(["", "Port 8080/tcp: a program has it."], line.Nodes.Select(node => node.Problem));
    }

    private static string Name(Guid stack) => $"n{stack:N}";

    private static OverlayMember Member(OverlayNetwork network, Guid node, int block, IngressState state, string problem)
    {
        var member = new OverlayMember
        {
            NetworkId = network.Id, NodeId = node, Block = block, NodeAddress = $"198.18.0.{block}", IngressProblem = problem,
        };
        var address = OverlayAddresses.Range(network, block).BaseAddress.ToString()[..^1] + "7";
        var endpoint = new OverlayEndpoint { Address = address, MacAddress = $"02:42:0a:c8:0{block}:02", State = state };
        endpoint.Targets.Add(new IngressTarget { Protocol = "tcp", Port = 8080, TargetPort = 80 });
        member.Endpoints = OverlayTables.Keep(network, member, [endpoint]);
        return member;
    }

    private async Task<Guid> EnvironmentAsync()
    {
        await using var database = await Contexts.CreateDbContextAsync();
        var id = Guid.CreateVersion7();
        database.Environments.Add(new NodeEnvironment { Id = id, Name = $"e{id:N}", Color = "blue" });
        await database.SaveChangesAsync();
        return id;
    }

    private async Task<Guid> StackAsync(Guid environment)
    {
        await using var database = await Contexts.CreateDbContextAsync();
        var stack = new Stack
        {
            Id = Guid.NewGuid(), Name = $"s{Guid.NewGuid():N}"[..20], EnvironmentId = environment, NodeName = "test",
            CreatedAt = TimeProvider.System.GetUtcNow(),
        };
        database.Stacks.Add(stack);
        await database.SaveChangesAsync();
        await Networks.CreateAsync(new StackNetwork(stack.Id, environment, Name(stack.Id), "", false, "ann"), default);
        return stack.Id;
    }
}
