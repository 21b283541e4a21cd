using Portal.Testing;

namespace Portal.Engine.Linux.Tests.Containers;

/// <summary>The engine that comes after one that was killed, and takes away what both have made.</summary>
internal sealed class NextEngine : IAsyncDisposable
{
    private KernelEngine? _engine;

    public TestInstance Instance { get; } = new();

    public async Task<KernelEngine> StartAsync() => _engine = await KernelEngine.StartAsync(Instance);

    public async ValueTask DisposeAsync() => await (_engine ?? await StartAsync()).DisposeAsync();
}
