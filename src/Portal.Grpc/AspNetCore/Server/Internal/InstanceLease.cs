namespace Grpc.AspNetCore.Server.Internal;

/// <summary>An object for one call; disposed with it only when it was made for it.</summary>
internal readonly struct InstanceLease<T>(T instance, bool owned) : IAsyncDisposable
    where T : class
{
    public T Instance => instance;

    public ValueTask DisposeAsync()
    {
        if (!owned)
        {
            return ValueTask.CompletedTask;
        }

        if (instance is IAsyncDisposable asyncDisposable)
        {
            return asyncDisposable.DisposeAsync();
        }

        (instance as IDisposable)?.Dispose();
        return ValueTask.CompletedTask;
    }
}
