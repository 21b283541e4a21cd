namespace Portal.Engine.Networks.Orchestration;

/// <summary>How far the making of a sandbox is, told by the thread that makes it.</summary>
internal sealed class AttachProgress
{
    private readonly TaskCompletionSource<NetworkSandbox> _planned = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _hasNamespace = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Tells what it will be.</summary>
    public void Plan(NetworkSandbox sandbox) => _planned.TrySetResult(sandbox);

    /// <summary>Tells that its namespace is there.</summary>
    public void HasNamespace() => _hasNamespace.TrySetResult();

    /// <summary>Waits until it is known what it will be.</summary>
    /// <param name="finished">The whole work, which may tell nothing on its way.</param>
    public async Task<NetworkBeginning> WaitAsync(Task<NetworkSandbox> finished)
    {
        await Task.WhenAny(_planned.Task, finished).ConfigureAwait(false);
        return _planned.Task.IsCompleted
            ? new NetworkBeginning(await _planned.Task.ConfigureAwait(false), EitherAsync(_hasNamespace.Task, finished), finished)
            : NetworkBeginning.Of(await finished.ConfigureAwait(false));
    }

    private static async Task EitherAsync(Task hasNamespace, Task finished)
    {
        if (await Task.WhenAny(hasNamespace, finished).ConfigureAwait(false) == finished)
        {
            await finished.ConfigureAwait(false);
        }
    }
}
