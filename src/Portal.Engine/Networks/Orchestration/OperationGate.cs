namespace Portal.Engine.Networks.Orchestration;

/// <summary>
/// Lets a few operations on single containers run at once, or one on everything. The kernel calls block their thread and mostly
/// serialize on one kernel lock (rtnl), so more at once would only take threads from the rest of the engine.
/// </summary>
internal sealed class OperationGate : IDisposable
{
    private const int Width = 4;
    private const int Stripes = 64;

    private readonly SemaphoreSlim _permits = new(Width, Width);
    private readonly SemaphoreSlim _exclusive = new(1, 1);
    private readonly Lock[] _locks = [.. Enumerable.Range(0, Stripes).Select(_ => new Lock())];

    /// <summary>Runs a blocking operation on one container; operations on the same container come one after another.</summary>
    public async Task<T> RunAsync<T>(string containerId, Func<T> operation, CancellationToken cancellationToken)
    {
        await _permits.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return await Task.Run(() => Locked(containerId, operation), CancellationToken.None).ConfigureAwait(false);
        }
        finally
        {
            _permits.Release();
        }
    }

    /// <summary>Runs an operation while no other runs.</summary>
    public async Task RunAloneAsync(Func<Task> operation, CancellationToken cancellationToken)
    {
        await _exclusive.WaitAsync(cancellationToken).ConfigureAwait(false);
        var taken = 0;
        try
        {
            for (; taken < Width; taken++)
            {
                await _permits.WaitAsync(cancellationToken).ConfigureAwait(false);
            }

            await Task.Run(operation, CancellationToken.None).ConfigureAwait(false);
        }
        finally
        {
            if (taken > 0)
            {
                _permits.Release(taken);
            }

            _exclusive.Release();
        }
    }

    public void Dispose()
    {
        _permits.Dispose();
        _exclusive.Dispose();
    }

    private T Locked<T>(string containerId, Func<T> operation)
    {
        lock (_locks[(uint)containerId.GetHashCode(StringComparison.Ordinal) % Stripes])
        {
            return operation();
        }
    }
}
