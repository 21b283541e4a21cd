namespace Portal.Testing.Survival;

/// <summary>
/// Ends an engine that runs in the test's own process, at a call of its choice, as SIGKILL does: from then on none of the engine's calls to
/// what is outside it is made or returns, so that no handler of a failure takes anything back.
/// </summary>
/// <remarks>One for each engine. Calls come from any thread.</remarks>
public sealed class KillSwitch : IDisposable
{
    private const int Never = -1;

    private readonly TaskCompletionSource _killed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _over = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _lock = new();
    private int _left = Never;
    private bool _isDead;

    /// <summary>Ends when the engine is killed.</summary>
    public Task Killed => _killed.Task;

    /// <summary>The call that was not made any more.</summary>
    public string Where { get; private set; } = "";

    /// <summary>Lets it die before a call: the next one, when it is to do none more.</summary>
    /// <param name="calls">How many calls it still makes.</param>
    public void Arm(int calls)
    {
        lock (_lock)
        {
            _left = calls;
        }
    }

    /// <summary>Kills it now, unless that is done.</summary>
    public void Kill() => Die("nothing");

    /// <summary>To be asked before each call; false for one that must not be made, nor return.</summary>
    public bool Allows(string call)
    {
        lock (_lock)
        {
            if (!_isDead && (_left == Never || _left-- > 0))
            {
                return true;
            }
        }

        Die(call);
        return false;
    }

    /// <summary>What a call ends with that was not made: never, as far as the engine lives to see it.</summary>
    public async Task<T> HangAsync<T>()
    {
        await _over.Task;
        throw new InvalidOperationException("The engine was killed.");
    }

    /// <summary>Lets all threads go that wait in calls of the dead engine: when nothing that they do is looked at any more.</summary>
    public void Dispose()
    {
        Kill();
        _over.TrySetResult();
    }

    private void Die(string call)
    {
        lock (_lock)
        {
            if (_isDead)
            {
                return;
            }

            _isDead = true;
            Where = call;
        }

        _killed.TrySetResult();
    }
}
