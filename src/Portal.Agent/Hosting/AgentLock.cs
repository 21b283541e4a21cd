namespace Portal.Agent.Hosting;

/// <summary>One agent a data folder: the lock is the kernel's (flock(2)), so it goes with the process, however that ends.</summary>
internal sealed class AgentLock : IDisposable
{
    private const int Attempts = 20;
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(50);

    private readonly FileStream _file;

    private AgentLock(FileStream file)
    {
        _file = file;
    }

    /// <summary>Takes the lock.</summary>
    /// <returns>Null when another agent has it.</returns>
    public static AgentLock? TryTake(string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        try
        {
            return new AgentLock(new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (IOException) when (File.Exists(path))
        {
            return null;
        }
    }

    /// <summary>Takes the lock, waiting for whoever has it only for a moment, as <c>status</c> does to see whether an agent runs.</summary>
    /// <returns>Null when another agent has it.</returns>
    public static async Task<AgentLock?> TakeAsync(string path, CancellationToken cancellationToken)
    {
        for (var attempt = 1; attempt <= Attempts; attempt++)
        {
            if (TryTake(path) is { } held)
            {
                return held;
            }

            await Task.Delay(s_pause, cancellationToken).ConfigureAwait(false);
        }

        return null;
    }

    public void Dispose() => _file.Dispose();
}
