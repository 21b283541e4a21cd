using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Portal.Testing;
using Portal.Testing.Images;
using Portal.Testing.Registries;
using Portal.Web.Features.Deployments;
using Portal.Web.Features.Stacks;
using Portal.Web.Features.Stacks.Proposals;
using Portal.Web.Features.Updates.Containers;
using Portal.Web.Nodes;

namespace Portal.Link.Tests.Deployments;

/// <summary>
/// Containers of no stack: one gets the newer image of its tag, one becomes a stack. A real registry, a whole portal, a real engine.
/// </summary>
[Trait("Area", "deployments")]
public sealed class SingleContainerTests(DeliveryWorld world) : IClassFixture<DeliveryWorld>
{
    [Fact]
    public async Task Container_GetsTheNewerImage_AndComesBackFromOneThatIsNotGood()
    {
        await using var registry = await RegistryFixture.StartAsync();
        var image = await PushAsync(registry, "one");
        var archive = world.Agent.Instance.TempPath("one.tar");
        await Skopeo.ExportAsync(await BoxAsync("one"), $"docker-archive:{archive}:{image}");
        await world.Docker.LoadAsync(archive);
        var first = await world.Docker.RunAsync(
            "trap 'exit 0' TERM; echo kept > /data/file; sleep 1000 & wait",
            new JsonObject { ["PortBindings"] = new JsonObject { ["80/tcp"] = new JsonArray(new JsonObject { ["HostPort"] = "" }) } },
            body =>
            {
                (body["Image"], body["Env"]) = (image, new JsonArray("OWN=mine"));
                (body["Labels"], body["Volumes"]) = (new JsonObject { ["of"] = "person" }, new JsonObject { ["/data"] = new JsonObject() });
                body["Healthcheck"] = new JsonObject
                {
                    ["Test"] = new JsonArray("CMD-SHELL", "test \"$BOX\" != bad"), ["Interval"] = 200_000_000, ["Retries"] = 1,
                };
            });
        await world.Docker.PostAsync($"containers/{first}/rename?name=single");

        await PushAsync(registry, "two");
        var done = await UpdateAsync(first);

        Assert.True(done.State == ContainerUpdateState.Succeeded, done.Message);
        Assert.NotEqual(first, done.SuccessorId);
        var now = await world.Docker.InspectAsync("single");
        Assert.Equal((done.SuccessorId, "person"), ((string)now["Id"]!, (string)now["Config"]!["Labels"]!["of"]!));
        Assert.Equal(0, await world.Docker.ExecAsync(done.SuccessorId, "test \"$BOX $OWN $(cat /data/file)\" = 'two mine kept'"));
        Assert.Equal(System.Net.HttpStatusCode.NotFound, await world.Docker.StatusAsync($"containers/{first}/json"));

        await PushAsync(registry, "bad");
        var back = await UpdateAsync(done.SuccessorId);

        Assert.True(back.State == ContainerUpdateState.WentBack, back.Message);
        Assert.Contains("unhealthy", back.Message, StringComparison.Ordinal);
        var still = await world.Docker.InspectAsync("single");
        Assert.Equal((done.SuccessorId, true), ((string)still["Id"]!, (bool)still["State"]!["Running"]!));
        Assert.Equal(0, await world.Docker.ExecAsync(done.SuccessorId, "test \"$BOX\" = two"));
        Assert.Single((await world.Docker.GetAsync("containers/json?all=true")).AsArray());
        await world.Docker.RemoveAsync(done.SuccessorId);
    }

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

    private static async Task<string> PushAsync(RegistryFixture registry, string box) =>
        await registry.PushAsync(await BoxAsync(box), "team/box:stable");

    private static async Task<TestImageBuilder> BoxAsync(string box)
    {
        var image = await BusyboxImages.CreateAsync();
        image.Environment = [.. image.Environment, $"BOX={box}"];
        return image;
    }

    private async Task<ContainerUpdateView> UpdateAsync(string container)
    {
        var (updates, fleet) = (world.Services.GetRequiredService<ContainerUpdates>(), world.Services.GetRequiredService<IFleet>());
        await Eventually.HoldsAsync(
            () => fleet.Current.Nodes[world.NodeId].Containers.GetValueOrDefault(container) is { State: "running", Name: "single" },
            "the portal knows the container");
        await updates.StartAsync(world.Admin, world.NodeId, container, default);
        ContainerUpdateView? view = null;
        await Eventually.HoldsAsync(
            async () => (view = await updates.FindAsync(world.Admin, world.NodeId, container, default)) is { FinishedAt: not null },
            "the update has ended");
        return view!;
    }
}
