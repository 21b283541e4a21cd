using Portal.Bench.Peers;

namespace Portal.Bench.Rows;

/// <summary>Many containers at once, that do nothing.</summary>
internal static class Crowds
{
    // As many clients at a time as the row about 20 parallel runs has; each is a process of its own.
    private static readonly ParallelOptions s_some = new() { MaxDegreeOfParallelism = 20 };

    public static string Name(int index) => $"bench-{index}";

    // The first process of a container ignores SIGTERM. podman sends that first, for ten seconds, even where it removes by force;
    // with SIGKILL as the signal to stop by, the rows measure what each engine does and not how long it waits.
    public static Task StartAsync(IPeer peer, int count) => Parallel.ForAsync(0, count, s_some, async (index, _) =>
        await peer.RunAsync("run", "-d", "--stop-signal", "KILL", "--name", Name(index), ContainerRows.Image, "sleep", "1000"));

    public static Task RemoveAsync(IPeer peer, int count) => Parallel.ForAsync(0, count, s_some, async (index, _) =>
        await peer.RunAsync("rm", "-f", Name(index)));
}
