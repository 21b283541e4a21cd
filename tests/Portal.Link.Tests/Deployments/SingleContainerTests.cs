using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Portal.Web.Features.Deployments;
using Portal.Web.Features.Stacks;
using Portal.Web.Features.Stacks.Proposals;

namespace Portal.Link.Tests.Deployments;

/// <summary>
/// Containers of no stack: what one is becomes a stack, by way of a whole portal and a real engine.
/// </summary>
[Trait("Area", "deployments")]
public sealed class SingleContainerTests(DeliveryWorld world) : IClassFixture<DeliveryWorld>
{
    [Fact]
    public async Task Container_ProposedAsAStack_RunsAsItDidWithItsSecretApart()
    {
        var id = await world.Docker.RunAsync(
            "echo kept > /data/file; sleep 1000",
            new JsonObject { ["Binds"] = new JsonArray("found-data:/data"), ["Memory"] = 64 << 20, ["Init"] = true },
            body => body["Env"] = new JsonArray("MODE=quiet", "DB_PASSWORD=hunter2-7319"));
        await world.Docker.PostAsync($"containers/{id}/rename?name=found");

        var proposal = await world.Services.GetRequiredService<StackProposals>().ProposeAsync(world.Admin, world.NodeId, ["found"], default);

        Assert.DoesNotContain("hunter2", proposal.Text, StringComparison.Ordinal);
        await world.Docker.DeleteAsync($"containers/{id}?force=1");
        var values = string.Join('\n', proposal.Values.Select(value => $"{value.Key}={value.Value}"));
        var draft = new StackDraft(null, world.NodeId, "proposed", 0, proposal.Text, values, "");
        var stack = await world.Services.GetRequiredService<StackDirectory>().SaveAsync(world.Admin, draft, default);
        var deployment = await world.DeployAsync(stack);
        Assert.Equal(("Succeeded", ""), (deployment.State, deployment.Message));
        var now = await world.Docker.InspectAsync("found");
        Assert.Equal((64 << 20, true), ((int)now["HostConfig"]!["Memory"]!, (bool)now["HostConfig"]!["Init"]!));
        Assert.Equal(0, await world.Docker.ExecAsync("found", "test \"$MODE $DB_PASSWORD $(cat /data/file)\" = 'quiet hunter2-7319 kept'"));
        Assert.Equal("Succeeded", (await world.DeployAsync(stack, DeploymentOperation.Remove)).State);
    }
}
