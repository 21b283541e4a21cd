using Portal.Engine.Containers;
using Portal.Engine.Linux.Tests.Containers;
using Portal.Engine.Logs;
using Portal.Testing;

namespace Portal.Engine.Linux.Tests.Networks;

/// <summary>An engine is killed with SIGKILL while containers ask it for names; the next one answers them as they are.</summary>
public sealed class KilledNamesTests
{
    private const string Asking = "while :; do nslookup db. >/dev/null 2>&1 && echo known || echo unknown; sleep 0.1; done";

    [Fact]
    public async Task Kill_ContainersAskForNames_NextEngineAnswers()
    {
        await using var next = new NextEngine();
        string asker, db;
        await using (var killed = await EngineProcess.StartAsync(next.Instance))
        {
            await killed.AskAsync("network-create names");
            db = await killed.AskAsync("network-run names:db sleep 1000");
            asker = await killed.AskAsync("network-run names:asker " + Asking);
            Assert.Equal("0", await killed.AskAsync($"exec {asker} until nslookup db.; do sleep 0.1; done"));
            await killed.KillAsync();
        }

        var engine = await next.StartAsync();
        var before = await LinesAsync(engine, asker);

        await Eventually.HoldsAsync(
            async () => (await LinesAsync(engine, asker))[before.Length..].Contains("known"), "names are known again");
        await Eventually.HoldsAsync(
            async () => (await LinesAsync(engine, asker))[before.Length..].TakeLast(3).SequenceEqual(["known", "known", "known"]),
            "they stay known");
        foreach (var id in new[] { asker, db })
        {
            var container = await engine.Containers.InspectAsync(id);
            Assert.Equal((ContainerState.Running, 0), (container.State, container.RestartCount));
        }
    }

    private static async Task<string[]> LinesAsync(KernelEngine engine, string container) =>
        (await engine.LogAsync(container, new LogQuery())).Split('\n', StringSplitOptions.RemoveEmptyEntries);
}
