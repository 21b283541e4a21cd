using Microsoft.Extensions.DependencyInjection;
using Portal.Link.Tests.Environment;
using Portal.Web.Features.Deployments;
using Portal.Web.Features.Deployments.Holding;
using Portal.Web.Nodes;

namespace Portal.Link.Tests.Deployments;

/// <summary>A stack over three nodes through what happens to nodes: none of its replicas is missing for long, and none runs twice.</summary>
[Trait("Area", "spread")]
public sealed class SpreadTests(SpreadWorld world) : IClassFixture<SpreadWorld>
{
    [Fact]
    public async Task Replicas_OfNodesThatAreDrainedLostAndBack_RunOnceEach()
    {
        var stack = await world.MakeAsync("shop", FileOf("one", "stop-first"));
        Assert.Equal("Succeeded", (await world.DoAsync(stack)).State);
        Assert.Equal(3, await CountAsync("shop", 0, 1, 2));
        Assert.Equal([1, 1, 1], Enumerable.Range(0, 3).Select(host => world.PlacedOn(stack, host)));
        await AllFindAllAsync("shop", 0, 1, 2);
        await using var watch = new TwiceWatch(world, "shop");

        // Drained: what ran there runs elsewhere, and comes not back when the node does.
        await world.SetDutyAsync(2, NodeDuty.Drained);
        await RunsOnceAsync("shop", "nothing runs on the drained node", 0, 1);
        Assert.Empty(await world.NumbersOnAsync(2, "shop"));
        await AllFindAllAsync("shop", 0, 1);
        await world.SetDutyAsync(2, NodeDuty.Active);

        // Killed, and lost: its containers run on there, and what counts runs elsewhere.
        var before = await world.NumbersOnAsync(1, "shop");
        Assert.NotEmpty(before);
        watch.LeaveOut(1);
        await world.Agents[1].KillAsync();
        await RunsOnceAsync("shop", "what the lost node had runs elsewhere", 0, 2);
        await AllFindAllAsync("shop", 0, 2);
        world.Agents[1].Start();
        await world.OnlineAsync(1);
        await RunsOnceAsync("shop", "the surplus of the node that is back is gone", 0, 1, 2);
        Assert.Empty(await world.NumbersOnAsync(1, "shop"));
        watch.TakeIn(1);
        await AllFindAllAsync("shop", 0, 2);

        // Stopped while one is lost: that one is told when it is back.
        watch.LeaveOut(2);
        var there = await world.NumbersOnAsync(2, "shop");
        Assert.NotEmpty(there);
        await world.Agents[2].KillAsync();
        await RunsOnceAsync("shop", "what the next lost node had runs elsewhere", 0, 1);
        var stop = await world.DoAsync(stack, DeploymentOperation.Stop);
        Assert.Equal("Succeeded", stop.State);
        Assert.StartsWith("Lost, and stopped there when it is back: ", stop.Message, StringComparison.Ordinal);
        Assert.Equal(0, await CountAsync("shop", 0, 1));
        world.Agents[2].Start();
        await world.OnlineAsync(2);
        Assert.Equal(there.Count, await CountAsync("shop", 2));
        await Soon.TrueAsync(() => Count("shop", 2) == 0, "what the lost node missed is done there", SpreadWorld.AfterLoss);
        Assert.Single(world.OwnDeeds(stack), deed => deed.StartsWith("Stop ", StringComparison.Ordinal));

        // Deployed again and removed: nothing is left on any of them, networks neither.
        Assert.Equal("Succeeded", (await world.DoAsync(stack)).State);
        await RunsOnceAsync("shop", "all run again", 0, 1, 2);
        Assert.Equal("Succeeded", (await world.DoAsync(stack, DeploymentOperation.Remove)).State);
        await NothingIsLeftAsync("shop");
        Assert.Equal("", watch.Seen);
    }

    [Fact]
    public async Task Update_OverNodes_GoesLotByLotAndStopsWhereItFails()
    {
        var stack = await world.MakeAsync("blog", FileOf("one", "start-first"));
        Assert.Equal("Succeeded", (await world.DoAsync(stack)).State);

        // Start-first: never less than all of them.
        await world.ReviseAsync(stack, "blog", FileOf("two", "start-first"), 1);
        var updating = world.DoAsync(stack);
        while (!updating.IsCompleted)
        {
            Assert.InRange(await CountAsync("blog", 0, 1, 2), 3, 4);
        }

        Assert.Equal("Succeeded", (await updating).State);
        await AllSayAsync("blog", "two", "two", "two");
        await RunsOnceAsync("blog", "each runs once", 0, 1, 2);

        // Only the first is made healthy: it pauses at the second, and nothing undoes that by itself.
        await world.ReviseAsync(stack, "blog", FileOf("three", "start-first", "test -e /good"), 2);
        var pausing = world.DoAsync(stack);
        await MakeGoodAsync("blog", "three");
        var paused = await pausing;
        Assert.True(paused.State == "Paused", $"{paused.State}: {paused.Message}");
        await AllSayAsync("blog", "three", "two", "two");
        Assert.Empty(world.OwnDeeds(stack));

        await world.Services.GetRequiredService<PausedDeployments>().GoBackAsync(world.Admin, paused.Id, default);
        await Soon.TrueAsync(() => StateOf(paused.Id) == "RolledBack", "it has gone back", TimeSpan.FromMinutes(1));
        await AllSayAsync("blog", "two", "two", "two");
        Assert.Equal("Succeeded", (await world.DoAsync(stack, DeploymentOperation.Remove)).State);
        await NothingIsLeftAsync("blog");
    }

    // From inside of a replica of each host: the shared name has the addresses of all that run on those hosts, and each answers.
    private async Task AllFindAllAsync(string project, params int[] hosts)
    {
        var addresses = (await Task.WhenAll(hosts.Select(host => AddressesAsync(host, project)))).SelectMany(found => found).ToArray();
        Assert.Equal(3, addresses.Length);
        foreach (var host in hosts)
        {
            await Soon.TrueAsync(
                () => FindsAll(host, project, addresses), $"a replica on node {host} finds and reaches all", TimeSpan.FromSeconds(60));
        }
    }

    private bool FindsAll(int host, string project, string[] addresses)
    {
        var from = IdsAsync(host, project).GetAwaiter().GetResult();
        if (from.Length == 0)
        {
            // Nothing runs there to ask from.
            return true;
        }

        var asked = world.Agents[host].TryDockerAsync("exec", from[0], "nslookup", "web").GetAwaiter().GetResult();
        return addresses.All(address => asked.Output.Contains($"Address: {address}\n", StringComparison.Ordinal))
            && addresses.All(address => world.Agents[host]
                .TryDockerAsync("exec", from[0], "timeout", "3", "wget", "-q", "-O", "/dev/null", $"http://{address}/")
                .GetAwaiter().GetResult().ExitCode == 0);
    }

    private async Task<string[]> IdsAsync(int host, string project) =>
        (await world.Agents[host].TryDockerAsync("ps", "--quiet", "--filter", $"label=com.docker.compose.project={project}"))
            .Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    private async Task<string[]> AddressesAsync(int host, string project)
    {
        var ids = await IdsAsync(host, project);
        return ids.Length == 0 ? [] : (await world.Agents[host].TryDockerAsync(
            ["inspect", "--format", "{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}", .. ids]))
            .Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    // Replicas by their numbers.
    private async Task AllSayAsync(string project, params string[] versions)
    {
        var said = await Task.WhenAll(Enumerable.Range(0, 3).Select(async host => (await world.Agents[host].TryDockerAsync(
            "ps", "--filter", $"label=com.docker.compose.project={project}", "--format",
            "{{.Label \"com.docker.compose.container-number\"}} {{.Label \"version\"}}"))
            .Output.Split('\n', StringSplitOptions.RemoveEmptyEntries)));
        Assert.Equal(versions.Select((version, index) => $"{index + 1} {version}"), said.SelectMany(lines => lines).Order(StringComparer.Ordinal));
    }

    private Task RunsOnceAsync(string project, string what, params int[] hosts) => Soon.TrueAsync(
        () => world.RunningAsync(project, hosts).GetAwaiter().GetResult() is [1, 2, 3], what, SpreadWorld.AfterLoss);

    private async Task<int> CountAsync(string project, params int[] hosts) => (await world.RunningAsync(project, hosts)).Length;

    private int Count(string project, params int[] hosts) => CountAsync(project, hosts).GetAwaiter().GetResult();

    private string StateOf(Guid deployment)
    {
        using var database = world.Open();
        return database.Deployments.Single(row => row.Id == deployment).State;
    }

    // Networks over nodes go when the nodes are told, containers with the deployment.
    private async Task NothingIsLeftAsync(string project)
    {
        var label = $"label=com.docker.compose.project={project}";
        foreach (var agent in world.Agents)
        {
            Assert.Equal("", (await agent.TryDockerAsync("ps", "--all", "--quiet", "--filter", label)).Output);
            await Soon.TrueAsync(
                () => agent.TryDockerAsync("network", "ls", "--quiet", "--filter", $"name={project}_").GetAwaiter().GetResult() is
                    { ExitCode: 0, Output: "" },
                "its networks are gone",
                TimeSpan.FromSeconds(30));
        }
    }

    // What its healthcheck looks for, in the first replica of a version that is there.
    private async Task MakeGoodAsync(string project, string version) => await Soon.TrueAsync(
        () => world.Agents.Any(agent =>
        {
            var found = agent.TryDockerAsync(
                "ps", "--quiet", "--filter", $"label=com.docker.compose.project={project}", "--filter", $"label=version={version}")
                .GetAwaiter().GetResult().Output.Trim();
            return found.Length > 0 && agent.TryDockerAsync("exec", found, "touch", "/good").GetAwaiter().GetResult().ExitCode == 0;
        }),
        "the first of the new ones is made healthy",
        TimeSpan.FromSeconds(60));

    private static string FileOf(string version, string order, string check = "true") =>
        $$"""
        services:
          web:
            image: busybox
            pull_policy: missing
            command: [sh, -c, 'mkdir -p /www && hostname > /www/index.html && exec httpd -f -h /www']
            init: true
            labels: {version: {{version}}}
            healthcheck: {test: [CMD-SHELL, '{{check}}'], interval: 500ms, retries: {{(check == "true" ? 3 : 30)}}}
            stop_grace_period: 1s
            deploy:
              replicas: 3
              update_config: {order: {{order}}, failure_action: pause, monitor: 1s}
        """;
}
