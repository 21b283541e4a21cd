using System.Diagnostics;
using Portal.Engine.Containers;
using Xunit;

namespace Portal.Testing.Survival;

/// <summary>
/// Kills an engine with SIGKILL over and over while it creates, starts, runs execs, stops, removes, rotates logs and restarts, and while
/// containers end by themselves, beside containers that count lines all the time. After each kill the next engine finds every
/// container once, and the kernel holds what runs and nothing else; at the end every line and every exit code is there.
/// </summary>
public sealed class KillRounds(IKillableEngine engine)
{
    private const int Batch = 3;
    private const int ExecCode = 6;

    private const int FirstOwnCode = 11;

    // After so many restarts the next is far enough away that a stop meets none: a runtime that is asked to end before it has begun
    // the container's program ends with a code of its own, here as with Docker.
    private const int Restarts = 3;

    // Some end before the kill, some while there is no engine, some under the next one.
    private static readonly int[] s_lengths = [25, 75, 150];
    private readonly Random _random = new(Environment.TickCount);
    private readonly List<string> _steady = [];

    // How long it takes to make and start a container: on a busy host a step has hardly begun when it would be over elsewhere.
    private TimeSpan _pace;

    /// <summary>What it is killed in, one a round.</summary>
    public static IReadOnlyList<string> Steps { get; } = ["create", "start", "exec", "stop", "remove", "rotate", "restart", "end"];

    /// <summary>Called after each kill, when the next engine serves, with those that count.</summary>
    public Func<IReadOnlyList<string>, Task> AfterKill { get; init; } = _ => Task.CompletedTask;

    /// <summary>Runs all of it.</summary>
    /// <param name="steady">How many containers count all the time; 3 or more.</param>
    /// <param name="rounds">How many times the engine is killed.</param>
    public async Task RunAsync(int steady, int rounds)
    {
        var since = Stopwatch.GetTimestamp();
        for (var made = 0; made < steady; made++)
        {
            _steady.Add(await engine.CreateAsync(Counting.Script));
            await engine.StartAsync(_steady[^1]);
        }

        _pace = Stopwatch.GetElapsedTime(since) / steady;
        for (var round = 0; round < rounds; round++)
        {
            var step = Steps[round % Steps.Count];
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

        // The moment of the kill is the point of the test: it has to be some time, not an event, and within what the step takes here.
        var longest = Math.Max(step is "rotate" or "restart" or "end" ? 1000 : 250, (int)_pace.TotalMilliseconds * Batch);
        await engine.KillDuringAsync([.. Commands(step, ids)], TimeSpan.FromMilliseconds(_random.Next(longest)));
        await AfterKill(_steady);
        await CheckAsync(step, ids);
        await KernelObjects.SettleAsync(engine.Places, _steady);
    }

    /// <summary>Makes what the step is about, with an engine that is not killed yet.</summary>
    private async Task<List<string>> PrepareAsync(string step)
    {
        var ids = new List<string>();
        for (var made = 0; made < Batch && step is "start" or "stop" or "remove" or "rotate" or "end"; made++)
        {
            ids.Add(await engine.CreateAsync(ScriptFor(step, made)));
            if (step != "start")
            {
                await engine.StartAsync(ids[^1]);
            }
        }

        return ids;
    }

    private static string ScriptFor(string step, int number) => step switch
    {
        "rotate" => Counting.LoudScript,
        "end" => Counting.EndingScript(s_lengths[number], FirstOwnCode + number),
        _ => Counting.Script,
    };

    private IEnumerable<KillStep> Commands(string step, List<string> ids)
    {
        return step switch
        {
            "create" => Enumerable.Repeat(new KillStep.Create(Counting.Script), Batch),
            "exec" => _steady.Take(Batch).Select(id => new KillStep.Exec(id, "sleep 0.2; exit 5")),
            "restart" => Enumerable.Repeat(new KillStep.Run(RestartPolicyKind.Always, Counting.FailingScript), Batch),
            "start" => ids.Select(id => new KillStep.Start(id)),
            "stop" => ids.Select(id => new KillStep.Stop(id)),
            "remove" => ids.Select(id => new KillStep.Remove(id)),
            _ => [],
        };
    }

    private async Task CheckAsync(string step, List<string> ids)
    {
        var listed = await engine.ListAsync();
        Assert.Distinct(listed.Select(container => container.Id));
        Assert.All(_steady, id => Assert.Equal(ContainerState.Running, listed.Single(container => container.Id == id).State));
        var others = listed.Where(container => !_steady.Contains(container.Id)).ToList();
        switch (step)
        {
            case "create":
                Assert.InRange(others.Count, 0, Batch);
                Assert.All(others, container => Assert.Equal(ContainerState.Created, container.State));
                break;
            case "start" or "stop" or "rotate" or "end":
                Assert.Equal(ids.Order(StringComparer.Ordinal), others.Select(container => container.Id).Order(StringComparer.Ordinal));
                break;
            case "remove":
                Assert.All(others, container =>
                    Assert.True(container.State is ContainerState.Running or ContainerState.Exited, $"{container.State}"));
                break;
            case "exec":
                Assert.Empty(others);
                var codes = await Task.WhenAll(_steady.Take(Batch).Select(id => engine.ExecAsync(id, $"exit {ExecCode}")));
                Assert.All(codes, code => Assert.Equal(ExecCode, code));
                await ExecsEndAsync();
                break;
            case "restart":
                await Task.WhenAll(others.Select(container => CheckRestartsAsync(container.Id)));
                break;
        }

        foreach (var container in others.Where(_ => step is not ("restart" or "remove" or "end")))
        {
            await CheckCountingAsync(container.Id, mayEnd: step == "stop");
        }

        foreach (var (number, id) in ids.Index().Where(_ => step == "end"))
        {
            await CheckEndedAsync(id, FirstOwnCode + number);
        }

        if (step != "remove")
        {
            // What has ended leaves the kernel with its end, not with its removal.
            await KernelObjects.SettleAsync(engine.Places, _steady);
        }

        foreach (var container in others)
        {
            await engine.RemoveAsync(container.Id);
        }
    }

    /// <summary>One that counts is there, once, and ends as it is asked to.</summary>
    private async Task CheckCountingAsync(string id, bool mayEnd)
    {
        var state = (await engine.InspectAsync(id)).State;
        if (state == ContainerState.Created)
        {
            await engine.StartAsync(id);
        }
        else
        {
            Assert.True(state == ContainerState.Running || (mayEnd && state == ContainerState.Exited), $"{id} is {state}");
        }

        await EndAsync(id);
    }

    /// <summary>One that ends by itself did so once, with its own code, and said all it had to say.</summary>
    private async Task CheckEndedAsync(string id, int exitCode)
    {
        await Eventually.HoldsAsync(
            async () => (await engine.InspectAsync(id)).State != ContainerState.Running, "what ends by itself is seen to have ended");
        var ended = await engine.InspectAsync(id);
        Assert.Equal((ContainerState.Exited, exitCode, 0), (ended.State, ended.ExitCode!.Value, ended.RestartCount));
        Counting.AssertWhole(await engine.LogAsync(id));
    }

    private async Task EndAsync(string id)
    {
        // It must have come as far as its trap, or the signal would end it without a word.
        await Eventually.HoldsAsync(async () => (await engine.LogAsync(id)).Length > 0, "it counts");
        await engine.StopAsync(id);
        var ended = await engine.InspectAsync(id);
        Assert.Equal((ContainerState.Exited, Counting.AskedToEnd, 0), (ended.State, ended.ExitCode!.Value, ended.RestartCount));
        Counting.AssertWhole(await engine.LogAsync(id));
    }

    private async Task CheckRestartsAsync(string id)
    {
        if ((await engine.InspectAsync(id)).State == ContainerState.Created)
        {
            // The killed engine did not come as far as its first start.
            return;
        }

        var seen = (await engine.InspectAsync(id)).RestartCount;
        SeenContainer waiting = null!;
        await Eventually.HoldsAsync(
            async () => (waiting = await engine.InspectAsync(id)).RestartCount > Math.Max(seen, Restarts)
                && waiting.State == ContainerState.Restarting,
            "its policy acts again");
        await engine.StopAsync(id);
        var ended = await engine.InspectAsync(id);
        Assert.Equal((ContainerState.Exited, Counting.Failed), (ended.State, ended.ExitCode));
        Assert.Equal(string.Concat(Enumerable.Repeat("run\n", ended.RestartCount + 1)), await engine.LogAsync(id));
    }

    private async Task ExecsEndAsync()
    {
        await Eventually.HoldsAsync(
            () => KernelObjects.Of(engine.Places) is { ExecMonitors: [], Execs: [] },
            "the execs that the killed engine began have ended by themselves, and nothing is left of them");
    }

    private async Task EndAllAsync()
    {
        foreach (var id in _steady)
        {
            await EndAsync(id);
            await engine.RemoveAsync(id);
        }

        await KernelObjects.SettleAsync(engine.Places, []);
        Assert.Empty(await engine.ListAsync());
        foreach (var folder in (string[])["containers", "overlay/roots", "overlay/staging"])
        {
            AssertEmpty(Path.Combine(engine.Places.DataRoot, folder));
        }

        // What a kill cuts off in a write lies beside the file that was to be replaced.
        await Eventually.HoldsAsync(
            () => !Directory.EnumerateFiles(engine.Places.DataRoot, ".*.tmp", SearchOption.AllDirectories).Any(),
            "no write that was cut off has left its temporary file");
        foreach (var folder in (string[])["c", "oci", "netns", "networks"])
        {
            AssertEmpty(Path.Combine(engine.Places.RunRoot, folder));
        }

        Assert.True(await engine.IsUnknownAsync(_steady[0]), "the engine still knows a container that was removed");
    }

    private static void AssertEmpty(string folder)
    {
        if (Directory.Exists(folder))
        {
            Assert.Empty(Directory.EnumerateFileSystemEntries(folder));
        }
    }
}
