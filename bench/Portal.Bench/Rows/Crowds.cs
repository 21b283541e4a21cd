using Portal.Bench.Peers;

namespace Portal.Bench.Rows;

/// <summary>Many containers at once, that do nothing.</summary>
internal static class Crowds
{
    // As many clients at a time as the row about 20 parallel runs has; each is a process of its own.
    private static readonly ParallelOptions s_some = new() { MaxDegreeOfParallelism = 20 };

    public static string Name(int index) => $"bench-{index}";

    public static Task StartAsync(IPeer peer, int count) => Parallel.ForAsync(0, count, s_some, async (index, _) =>
        await peer.RunAsync("run", "-d", "--name", Name(index), ContainerRows.Image, "sleep", "1000"));

    public static Task RemoveAsync(IPeer peer, int count) => Parallel.ForAsync(0, count, s_some, async (index, _) =>
        await peer.RunAsync("rm", "-f", Name(index)));
}
