using Portal.Engine.Containers;
using Portal.Testing;
using Portal.Testing.Engine;

namespace Portal.Engine.Tests.Containers;

/// <summary>
/// An engine is killed in each step before every single call that it makes to anything outside it - files, the runtime, networks, roots, the
/// journal of events - and the next one as well, within its start. Whoever serves then has everything in line.
/// </summary>
/// <remarks>In a process of its own: engines that were killed leave threads behind that wait until the test ends.</remarks>
[Trait("Area", "kills")]
public sealed class KilledAtEachCallTests
{
    /// <summary>The calls of a start; a second kill is tried before each of them by one of the first kills or another.</summary>
    private const int CallsOfAStart = 11;

    [Theory]
    [InlineData("create")]
    [InlineData("start")]
    [InlineData("stop")]
    [InlineData("kill")]
    [InlineData("restart")]
    [InlineData("end")]
    [InlineData("end by policy")]
    [InlineData("end with removal")]
    [InlineData("remove")]
    [InlineData("remove while it runs")]
    [InlineData("pause")]
    [InlineData("rename")]
    public async Task Kill_BeforeEveryCall_NextEngineHasAllInLine(string name)
    {
        var calls = 0;
        while (await DiesAsync(name, calls, callsOfNext: null))
        {
            calls++;
        }

        Assert.InRange(calls, 2, 100);
    }

    [Theory]
    [InlineData("create")]
    [InlineData("start")]
    [InlineData("restart")]
    [InlineData("end by policy")]
    [InlineData("end with removal")]
    [InlineData("remove while it runs")]
    public async Task Kill_BeforeEveryCallAndAgainInTheNextStart_LastEngineHasAllInLine(string name)
    {
        for (var calls = 0; await DiesAsync(name, calls, calls * 3 % CallsOfAStart); calls++)
        {
        }
    }

    /// <summary>Kills an engine in a step after so many calls, perhaps the next one too, and looks at what the last one makes of it.</summary>
    /// <returns>False when the step was over before.</returns>
    private static async Task<bool> DiesAsync(string name, int calls, int? callsOfNext)
    {
        await using var engine = await FakeEngine.StartAsync();
        var step = new KilledStep(name, engine);
        await step.PrepareAsync();
        await engine.EndAsync();
        Assert.True(await engine.BeginKillableAsync());
        var kill = engine.Kill!;
        kill.Arm(calls);
        await await Task.WhenAny(Task.Run(step.RunAsync), kill.Killed);
        var died = kill.Killed.IsCompleted;
        engine.KillNow();
        if (callsOfNext is { } next)
        {
            await engine.BeginKillableAsync(next);
            engine.KillNow();
        }

        try
        {
            await engine.BeginAsync();
            await step.CheckAsync(died);
        }
        catch (Exception failure)
        {
            throw new InvalidOperationException(
                $"Killed in '{name}' after {calls} calls, before {kill.Where}, and {callsOfNext} in the next start: {failure.Message}", failure);
        }

        return died;
    }
}
