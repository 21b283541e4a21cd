using System.Globalization;
using Portal.Agent.Tests.Survival;
using Portal.Testing.Agents;

namespace Portal.Agent.Tests.Memory;

public sealed class NativeHeapTests
{
    // Two, and what threads took before the agent said so.
    private const int Few = 6;
    private const long ArenaSize = 64 << 20;

    [Fact]
    public async Task Agent_WorkOnManyThreads_SharesItsArenas()
    {
        await using var agent = Agents.New();
        await agent.StartWithBusyboxAsync();

        var ids = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => agent.Docker.RunAsync("exit 3")));
        Assert.All(await Task.WhenAll(ids.Select(agent.Docker.WaitAsync)), code => Assert.Equal(3, code));
        await Task.WhenAll(ids.Select(agent.Docker.RemoveAsync));

        Assert.InRange(CountArenas(agent), 0, Few);
    }

    /// <summary>An arena has 64 MiB of addresses at a multiple of that, of which the first part is in use and the rest can't be touched.</summary>
    private static int CountArenas(RealAgent agent)
    {
        var maps = File.ReadLines($"/proc/{agent.ProcessId}/maps").Select(Parse).ToList();
        return maps.Zip(maps.Skip(1)).Count(pair =>
            pair.First.Start % ArenaSize == 0 && pair.First.Rights == "rw-p" && pair.Second.Rights == "---p"
            && pair.First.End == pair.Second.Start && pair.Second.End == pair.First.Start + ArenaSize);
    }

    // 7efdb0000000-7efdb0c90000 rw-p 00000000 00:00 0 (proc_pid_maps(5)).
    private static (long Start, long End, string Rights) Parse(string line)
    {
        var words = line.Split(' ', '-');
        return (long.Parse(words[0], NumberStyles.HexNumber), long.Parse(words[1], NumberStyles.HexNumber), line.Split(' ')[1]);
    }
}
