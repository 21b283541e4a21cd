using Portal.Engine.Containers;
using Portal.Engine.Errors;
using Portal.Engine.Linux.Tests.Containers;
using Portal.Testing;

namespace Portal.Engine.Linux.Tests.Survival;

/// <summary>
/// An engine is killed with SIGKILL over and over while it creates, starts, runs execs, stops, removes, rotates logs and restarts,
/// beside containers that count lines all the time. After each kill the next engine finds every container once, and the kernel
/// holds what runs and nothing else; at the end every line and every exit code is there.
/// </summary>
[Trait("Area", "survival")]
public sealed class KillRoundsTests : IAsyncLifetime
{
    private const int Batch = 3;
    private static readonly string[] s_steps = ["create", "start", "exec", "stop", "remove", "rotate", "restart"];

    private readonly Random _random = new(Environment.TickCount);
    private readonly List<string> _steady = [];

    private KernelEngine Engine { get; set; } = null!;

    private TestInstance Instance => Engine.Instance;

    public async Task InitializeAsync() => Engine = await KernelEngine.StartAsync();

    public async Task DisposeAsync()
    {
        // It takes everything away, also when a test failed while the other engine was at work.
        if (Engine.IsEnded)
        {
            await Engine.BeginAsync();
        }

        await Engine.DisposeAsync();
    }

    [Fact]
    public async Task Kill_DuringEveryStep_NothingIsLostOrDoubledOrLeft()
    {
        for (var made = 0; made < TestSettings.Rounds(4, 20); made++)
        {
            _steady.Add(await Engine.RunAsync(Counting.Script));
        }

        for (var round = 0; round < TestSettings.Rounds(s_steps.Length, 105); round++)
        {
            var step = s_steps[round % s_steps.Length];
            try
            {
                await RoundAsync(step);
            }
            catch (Exception failure)
            {
                throw new InvalidOperationException($"Round {round}, killed during {step}: {failure.Message}", failure);
            }
        }

        await EndAllAsync();
    }

    private async Task RoundAsync(string step)
    {
        var ids = await PrepareAsync(step);
        await Engine.EndAsync();
        await using (var killed = await EngineProcess.StartAsync(Instance))
        {
            foreach (var command in Commands(step, ids))
            {
                await killed.SendAsync("& " + command);
            }

            // The moment of the kill is the point of the test: it has to be some time, not an event.
            await Task.Delay(_random.Next(step is "rotate" or "restart" ? 1000 : 250));
            await killed.KillAsync();
        }

        await Engine.BeginAsync();
        await CheckAsync(step, ids);
        await KernelObjects.SettleAsync(Instance, _steady);
    }

    /// <summary>Makes what the step is about, with the engine that is not killed.</summary>
    private async Task<List<string>> PrepareAsync(string step)
    {
        var ids = new List<string>();
        for (var made = 0; made < Batch && step is "start" or "stop" or "remove" or "rotate"; made++)
        {
            var spec = new ContainerSpec
            {
                Image = "busybox",
                Command = ["sh", "-c", step == "rotate" ? Counting.LoudScript : Counting.Script],
                LogRotation = new LogRotation(50_000, 1000),
            };
            ids.Add((await Engine.Containers.CreateAsync(spec)).Id);
            if (step != "start")
            {
                await Engine.Containers.StartAsync(ids[^1]);
            }
        }

        return ids;
    }

    private IEnumerable<string> Commands(string step, List<string> ids)
    {
        return step switch
        {
            "create" => Enumerable.Repeat("create No " + Counting.Script, Batch),
            "exec" => _steady.Take(Batch).Select(id => $"exec {id} sleep 0.2; exit 5"),
            "restart" => Enumerable.Repeat("run Always " + Counting.FailingScript, Batch),
            "rotate" => [],
            _ => ids.Select(id => $"{step} {id}"),
        };
    }

    private async Task CheckAsync(string step, List<string> ids)
    {
        var listed = await Engine.Containers.ListAsync();
        Assert.Distinct(listed.Select(container => container.Id));
        Assert.All(_steady, id => Assert.Equal(ContainerState.Running, listed.Single(container => container.Id == id).State));
        var others = listed.Where(container => !_steady.Contains(container.Id)).ToList();
        switch (step)
        {
            case "create":
                Assert.InRange(others.Count, 0, Batch);
                Assert.All(others, container => Assert.Equal(ContainerState.Created, container.State));
                break;
            case "start" or "stop" or "rotate":
                Assert.Equal(ids.Order(StringComparer.Ordinal), others.Select(container => container.Id).Order(StringComparer.Ordinal));
                break;
            case "remove":
                Assert.All(others, container => Assert.True(container.State is ContainerState.Running or ContainerState.Exited, $"{container.State}"));
                break;
            case "exec":
                Assert.Empty(others);
                Assert.All(await Task.WhenAll(_steady.Take(Batch).Select(ExecAsync)), code => Assert.Equal(6, code));
                await ExecsEndAsync();
                break;
            case "restart":
                await Task.WhenAll(others.Select(container => CheckRestartsAsync(container.Id)));
                break;
        }

        foreach (var container in others.Where(_ => step is not ("restart" or "remove")))
        {
            await CheckCountingAsync(container.Id, mayEnd: step == "stop");
        }

        foreach (var container in others)
        {
            await Engine.Containers.RemoveAsync(container.Id, force: true);
        }
    }

    /// <summary>One that counts is there, once, and ends as it is asked to.</summary>
    private async Task CheckCountingAsync(string id, bool mayEnd)
    {
        var state = (await Engine.Containers.InspectAsync(id)).State;
        if (state == ContainerState.Created)
        {
            await Engine.Containers.StartAsync(id);
        }
        else
        {
            Assert.True(state == ContainerState.Running || (mayEnd && state == ContainerState.Exited), $"{id} is {state}");
        }

        await EndAsync(id);
    }

    private async Task EndAsync(string id)
    {
        // It must have come as far as its trap, or the signal would end it without a word.
        await Eventually.HoldsAsync(async () => (await Engine.LogAsync(id)).Length > 0, "it counts");
        await Engine.Containers.StopAsync(id);
        var ended = await Engine.Containers.InspectAsync(id);
        Assert.Equal((ContainerState.Exited, Counting.AskedToEnd), (ended.State, ended.ExitCode));
        Counting.AssertWhole(await Engine.LogAsync(id));
    }

    private async Task CheckRestartsAsync(string id)
    {
        if ((await Engine.Containers.InspectAsync(id)).State == ContainerState.Created)
        {
            // The killed engine did not come as far as its first start.
            return;
        }

        var seen = (await Engine.Containers.InspectAsync(id)).RestartCount;
        await Eventually.HoldsAsync(
            async () => (await Engine.Containers.InspectAsync(id)).RestartCount > seen, "its policy acts again");
        await Engine.Containers.StopAsync(id);
        var ended = await Engine.Containers.InspectAsync(id);
        Assert.Equal(ContainerState.Exited, ended.State);
        Assert.Equal(Counting.Failed, ended.ExitCode);
        Assert.Equal(string.Concat(Enumerable.Repeat("run\n", ended.RestartCount + 1)), await Engine.LogAsync(id));
    }

    private async Task<int> ExecAsync(string id)
    {
        var exec = await Engine.Execs.CreateAsync(id, new ExecSpec { Command = ["sh", "-c", "exit 6"] });
        await Engine.Execs.StartAsync(exec, detach: true);
        return await Engine.Execs.WaitAsync(exec);
    }

    private async Task ExecsEndAsync()
    {
        await Eventually.HoldsAsync(
            () => KernelObjects.Of(Instance).ExecMonitors.Count == 0, "the execs that the killed engine began have ended by themselves");
    }

    private async Task EndAllAsync()
    {
        foreach (var id in _steady)
        {
            await EndAsync(id);
            await Engine.Containers.RemoveAsync(id);
        }

        await KernelObjects.SettleAsync(Instance, []);
        Assert.Empty(await Engine.Containers.ListAsync());
        Assert.Empty(Directory.EnumerateFileSystemEntries(Path.Combine(Instance.DataRoot, "containers")));
        Assert.Empty(Directory.EnumerateFileSystemEntries(Path.Combine(Instance.RunRoot, "c")));
        Assert.Empty(Directory.EnumerateFileSystemEntries(Path.Combine(Instance.RunRoot, "oci")));
        await Assert.ThrowsAsync<EngineException>(() => Engine.Containers.InspectAsync(_steady[0]));
    }
}
