using System.Globalization;
using Portal.Engine.Linux.Tests.Containers;
using Portal.Testing;
using Portal.Testing.Survival;

namespace Portal.Engine.Linux.Tests.Survival;

/// <summary>Containers come and go for long: the engine keeps nothing of them.</summary>
[Trait("Area", "survival")]
public sealed class ChurnTests
{
    // What a few caches and the pool's threads may still come to after the first containers.
    private const int FewFiles = 10;
    private const int FewTimers = 4;
    private const long FewBytes = 4 * 1024 * 1024;

    [Fact]
    public async Task Churn_ManyContainers_NoFileNoMemoryAndNoTimerIsKept()
    {
        await using var instance = new TestInstance();
        await using var engine = await EngineProcess.StartAsync(instance);
        var (files, bytes, timers) = await ChurnAsync(engine, 10);

        var (filesAfter, bytesAfter, timersAfter) = await ChurnAsync(engine, TestSettings.Rounds(30, 1000));

        Assert.InRange(filesAfter, 0, files + FewFiles);
        Assert.InRange(bytesAfter, 0, bytes + FewBytes);
        Assert.InRange(timersAfter, 0, timers + FewTimers);
        await KernelObjects.SettleAsync(instance, []);
    }

    private static async Task<(int Files, long Bytes, long Timers)> ChurnAsync(EngineProcess engine, int count)
    {
        var answer = (await engine.AskAsync($"churn {count}")).Split(' ');
        return (
            int.Parse(answer[0], CultureInfo.InvariantCulture),
            long.Parse(answer[1], CultureInfo.InvariantCulture),
            long.Parse(answer[2], CultureInfo.InvariantCulture));
    }
}
