using System.Collections.Concurrent;

namespace Portal.Engine.Linux.Interop.Threads;

/// <summary>
/// Threads for calls that change the thread itself, such as its network namespace: none of the pool may make them. Each is put right after a
/// call and kept for the next one. A new thread would cost more than the call: the runtime spins until it gets a processor, thousands of
/// times on a busy machine.
/// </summary>
/// <param name="name">The threads' name.</param>
/// <param name="prepare">
/// Called first thing on each thread; gives what puts the thread right after a call. A thread that can't be put right ends.
/// </param>
/// <remarks>As many calls at a time as there are callers. One for the whole process; any thread.</remarks>
internal sealed class KeptThreads(string name, Func<Action> prepare)
{
    private const int MostIdle = 4;
    private const int StackSize = 256 << 10;

    private readonly ConcurrentStack<KeptThread> _idle = [];

    /// <summary>Runs something on one of them and waits for it.</summary>
    public T Run<T>(Func<T> action)
    {
        var result = default(T);
        if (!_idle.TryPop(out var thread))
        {
            thread = new KeptThread(prepare);
            new Thread(thread.Work, StackSize) { IsBackground = true, Name = name }.UnsafeStart();
        }

        var failure = thread.Do(() => result = action());
        if (_idle.Count >= MostIdle)
        {
            thread.End();
        }
        else if (!thread.HasEnded)
        {
            _idle.Push(thread);
        }

        failure?.Throw();
        return result!;
    }
}
