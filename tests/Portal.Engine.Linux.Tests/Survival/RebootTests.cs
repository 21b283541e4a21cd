using Microsoft.Extensions.DependencyInjection;
using Portal.Engine.Containers;
using Portal.Engine.Linux.Tests.Containers;
using Portal.Engine.Networks;
using Portal.Testing;
using Portal.Testing.Survival;

namespace Portal.Engine.Linux.Tests.Survival;

/// <summary>Everything ends, and what is in the kernel and beneath the run folder is gone: what is on the disk decides what comes back.</summary>
public sealed class RebootTests : IAsyncLifetime
{
    private KernelEngine _engine = null!;

    public async Task InitializeAsync() => _engine = await KernelEngine.StartAsync();

    public async Task DisposeAsync() => await _engine.DisposeAsync();

    [Fact]
    public async Task Reboot_RunningAndStopped_ComeBackAsTheirPoliciesSay()
    {
        var no = await RunAsync(RestartPolicyKind.No);
        var onFailure = await RunAsync(RestartPolicyKind.OnFailure);
        var always = await RunAsync(RestartPolicyKind.Always);
        var alwaysStopped = await RunAsync(RestartPolicyKind.Always, stop: true);
        var unlessStopped = await RunAsync(RestartPolicyKind.UnlessStopped);
        var unlessStoppedStopped = await RunAsync(RestartPolicyKind.UnlessStopped, stop: true);
        string[] back = [onFailure, always, alwaysStopped, unlessStopped];

        await _engine.EndAsync();
        await _engine.Instance.RebootAsync();
        await _engine.BeginAsync();

        foreach (var id in back)
        {
            await Eventually.HoldsAsync(
                async () => (await _engine.Containers.InspectAsync(id)).State == ContainerState.Running, "its policy starts it again");
            await Eventually.HoldsAsync(
                async () => (await _engine.LogAsync(id)).Split('\n').Count(line => line == "line 1") == 2, "both its runs are in its log");
            Assert.NotNull((await _engine.Containers.InspectAsync(id)).Network);
            Assert.Equal(6, await ExecAsync(id));
        }

        var cut = await _engine.Containers.InspectAsync(no);
        var stopped = await _engine.Containers.InspectAsync(unlessStoppedStopped);
        Assert.Equal((ContainerState.Exited, 255), (cut.State, cut.ExitCode));
        Assert.Equal((ContainerState.Exited, Counting.AskedToEnd), (stopped.State, stopped.ExitCode));
        await KernelObjects.SettleAsync(_engine.Instance, back);
    }

    [Fact]
    public async Task Reboot_NetworkAndVolume_AreThereAgain()
    {
        await _engine.Services.GetRequiredService<INetworks>().CreateAsync(new NetworkRequest { Name = "own" });
        var id = await _engine.RunAsync(
            "cat /data/kept; echo kept > /data/kept; " + Counting.Script,
            spec => spec with
            {
                NetworkMode = "own",
                RestartPolicy = new(RestartPolicyKind.Always),
                Binds = ["data:/data"],
            });
        await Eventually.HoldsAsync(async () => (await _engine.LogAsync(id)).Contains("line 1\n"), "it has run");
        var before = await _engine.Containers.InspectAsync(id);

        await _engine.EndAsync();
        await _engine.Instance.RebootAsync();
        await _engine.BeginAsync();

        await Eventually.HoldsAsync(async () => (await _engine.LogAsync(id)).Contains("\nkept\n"), "it reads what it wrote before");
        await Eventually.HoldsAsync(
            async () => (await _engine.Containers.InspectAsync(id)).State == ContainerState.Running, "its policy starts it again");
        var after = await _engine.Containers.InspectAsync(id);
        Assert.Equal(before.Network!.Endpoints.Select(endpoint => endpoint.NetworkId), after.Network!.Endpoints.Select(endpoint => endpoint.NetworkId));
    }

    private async Task<string> RunAsync(RestartPolicyKind policy, bool stop = false)
    {
        var id = await _engine.RunAsync(Counting.Script, spec => spec with { RestartPolicy = new(policy) });
        await Eventually.HoldsAsync(async () => (await _engine.LogAsync(id)).Contains("line 1\n"), "it counts");
        if (stop)
        {
            await _engine.Containers.StopAsync(id);
        }

        return id;
    }

    private async Task<int> ExecAsync(string id)
    {
        var exec = await _engine.Execs.CreateAsync(id, new ExecSpec { Command = ["sh", "-c", "exit 6"] });
        await _engine.Execs.StartAsync(exec, detach: true);
        return await _engine.Execs.WaitAsync(exec);
    }
}
