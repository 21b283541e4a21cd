using System.Runtime.ExceptionServices;
using Portal.Engine.Linux.Interop;
using Portal.Engine.Linux.Interop.Threads;

namespace Portal.Engine.Linux.Networks.Namespaces;

/// <summary>
/// Runs something inside a network namespace, on a thread that does nothing else and comes back from there. A thread of the pool would carry
/// the namespace over to whatever runs on it next. What is opened there (sockets) stays in the namespace wherever it is used.
/// </summary>
internal static class NamespaceThread
{
    private const int StackSize = 256 << 10;
    private static readonly KeptThreads s_kept = new("network namespace", RememberHome);

    /// <summary>Runs something in the namespace at a path.</summary>
    public static T Run<T>(string path, Func<T> action)
    {
        return s_kept.Run(() =>
        {
            using (var handle = NamespaceCalls.Open(path))
            {
                NamespaceCalls.EnterNetwork(handle, path);
            }

            return action();
        });
    }

    /// <summary>Runs something in a new namespace, which ends with it unless it is held.</summary>
    public static T RunInNew<T>(Func<T> action)
    {
        return s_kept.Run(() =>
        {
            NamespaceCalls.UnshareNetwork();
            return action();
        });
    }

    /// <summary>Runs something that changes the thread's own namespaces, on a thread that ends with it.</summary>
    public static T RunAlone<T>(Func<T> action)
    {
        var result = default(T);
        ExceptionDispatchInfo? failure = null;
        var thread = new Thread(
            () =>
            {
                try
                {
                    result = action();
                }
                catch (Exception exception)
                {
                    failure = ExceptionDispatchInfo.Capture(exception);
                }
            },
            StackSize)
        {
            IsBackground = true,
            Name = "namespace",
        };
        thread.Start();
        thread.Join();
        failure?.Throw();
        return result!;
    }

    private static Action RememberHome()
    {
        const string own = "/proc/self/ns/net";
        var home = NamespaceCalls.Open(own);
        return () => NamespaceCalls.EnterNetwork(home, own);
    }
}
