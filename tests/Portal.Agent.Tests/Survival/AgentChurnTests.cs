using System.Diagnostics;
using System.Text.Json.Nodes;
using Portal.Testing;
using Portal.Testing.Agents;
using Portal.Testing.Survival;
using Xunit.Abstractions;

namespace Portal.Agent.Tests.Survival;

/// <summary>Containers come and go for long, side by side: the agent and the host keep nothing of them.</summary>
[Collection(SurvivalCollection.Name)]
[Trait("Area", "survival")]
public sealed class AgentChurnTests(ITestOutputHelper output) : IAsyncLifetime
{
    private const int Workers = 4;

    // What caches, the pool's threads and connections may still come to after the first containers.
    private const int FewFiles = 12;
    private const int FewThreads = 12;

    // The code of the first hundreds of containers is still being compiled anew and the history of events filled: the long form
    // waits that out and then allows little, the short one finds what is kept of each container in bulk.
    private const long Mebi = 1024 * 1024;
    private static readonly long s_fewBytes = TestSettings.Rounds(64, 24) * Mebi;
    private static readonly int s_warmUp = TestSettings.Rounds(40, 800);

    // A node that is full is what an hour of churn has to be held on: each beat of the agent goes over all that stand.
    private static readonly int s_standing = TestSettings.Rounds(1, 500);
    private const string Script = "trap 'exit 0' TERM; echo churned; while :; do sleep 1 & wait $!; done";
    private RealAgent _agent = null!;

    private DockerClient Docker => _agent.Docker;

    public async Task InitializeAsync()
    {
        _agent = Agents.New();

        // A small nursery is collected often: what the process has is then close to what it needs.
        _agent.Environment["DOTNET_GCgen0size"] = "400000";
        _agent.Environment["DOTNET_gcConcurrent"] = "0";
        _agent.Environment["DOTNET_GCConserveMemory"] = "9";
        await Disposal.UnlessBegunAsync(_agent.StartWithBusyboxAsync, () => _agent.DisposeAsync().AsTask());
    }

    public async Task DisposeAsync() => await _agent.DisposeAsync();

    [Fact]
    public async Task Churn_ForLong_AgentAndHostAreAsTheyWere()
    {
        await Docker.PostAsync("networks/create", new JsonObject { ["Name"] = "churn" });
        var stays = await StandAsync();
        await ChurnAsync(s_warmUp, TimeSpan.Zero);
        await SettleAsync(stays);
        var before = await SettledFiguresAsync();
        output.WriteLine($"before: {before}");

        var made = await ChurnAsync(80, TestSettings.Long(TimeSpan.Zero, TimeSpan.FromHours(1)));
        await SettleAsync(stays);

        ProcessFigures after = null!;
        try
        {
            await Eventually.HoldsAsync(() => IsBack(before, after = ProcessFigures.Of(_agent)), "nothing is kept");
        }
        catch (TimeoutException)
        {
            Assert.Fail($"After {made} containers something is kept.\nbefore: {before}\nafter:  {after}");
        }

        output.WriteLine($"after {made} containers: {after}");
    }

    private static bool IsBack(ProcessFigures before, ProcessFigures after) =>
        after.OfHost == before.OfHost
        && after.Files <= before.Files + FewFiles
        && after.Threads <= before.Threads + FewThreads
        && after.MemoryBytes <= before.MemoryBytes + s_fewBytes;

    // Files of ended containers are closed in the next round of the statistics, and connections when both sides have said so.
    private async Task<ProcessFigures> SettledFiguresAsync()
    {
        var last = ProcessFigures.Of(_agent);
        await Eventually.HoldsAsync(
            async () =>
            {
                await Task.Delay(TimeSpan.FromSeconds(2));
                var before = last;
                last = ProcessFigures.Of(_agent);
                return last.Files == before.Files;
            },
            "its descriptors are as many as before");
        return last;
    }

    /// <summary>Makes at least so many, for at least so long.</summary>
    /// <returns>How many it made.</returns>
    private async Task<int> ChurnAsync(int count, TimeSpan length)
    {
        var since = Stopwatch.GetTimestamp();
        var made = 0;
        await Task.WhenAll(Enumerable.Range(0, Workers).Select(async _ =>
        {
            while (Interlocked.Increment(ref made) <= count || Stopwatch.GetElapsedTime(since) < length)
            {
                await CycleAsync();
            }
        }));
        return made - Workers;
    }

    /// <summary>Starts those that stand throughout.</summary>
    private async Task<string[]> StandAsync()
    {
        var ids = new string[s_standing];
        await Parallel.ForAsync(
            0,
            s_standing,
            new ParallelOptions { MaxDegreeOfParallelism = Workers },
            async (index, _) => ids[index] = await Docker.RunAsync("exec sleep 100000"));
        return ids;
    }

    private async Task CycleAsync()
    {
        var host = new JsonObject
        {
            ["NetworkMode"] = "churn",
            ["PortBindings"] = new JsonObject { ["80/tcp"] = new JsonArray(new JsonObject { ["HostIp"] = "127.0.0.1" }) },
            ["Mounts"] = new JsonArray(new JsonObject { ["Type"] = "volume", ["Target"] = "/kept" }),
        };
        var health = new JsonObject { ["Test"] = new JsonArray("CMD", "true"), ["Interval"] = 100_000_000 };
        var id = await Docker.RunAsync(Script, host, body => body["Healthcheck"] = health);
        await Docker.HangUpAsync($"containers/{id}/logs?follow=1&stdout=1");
        await Docker.HangUpAsync($"containers/{id}/stats?stream=1");
        Assert.Equal(3, await Docker.ExecAsync(id, "exit 3"));
        await Eventually.HoldsAsync(async () => await Docker.LogAsync(id) == "churned\n", "its log is there");
        await Docker.PostAsync($"containers/{id}/stop");
        Assert.Equal(0, await Docker.WaitAsync(id));
        await Docker.RemoveAsync(id);
    }

    private async Task SettleAsync(string[] stays)
    {
        Assert.Equal(stays.Length, (await Docker.GetAsync("containers/json?all=1")).AsArray().Count);
        Assert.Empty((await Docker.GetAsync("volumes"))["Volumes"]!.AsArray());
        await KernelObjects.SettleAsync(_agent.Places, stays);
    }
}
