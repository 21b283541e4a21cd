using Portal.Engine.Linux.Runtime;
using Portal.Testing;

namespace Portal.Engine.Linux.Tests.Runtime;

public sealed class ProtectedNullTests : IAsyncDisposable
{
    private readonly TestInstance _instance = new();

    public ValueTask DisposeAsync() => _instance.DisposeAsync();

    [Fact]
    public async Task CloseInput_ExecThatHasEnded_IsNoFailure()
    {
        // A short exec without input may be over, and cleared away, before the end of its input is told to its monitor.
        var folder = new ProcessFolder(_instance.TempPath("exec"));

        await ProtectedNull.CloseInputAsync(folder);

        Directory.CreateDirectory(folder.Root);
        await ProtectedNull.CloseInputAsync(folder);
        Assert.Empty(Directory.EnumerateFileSystemEntries(folder.Root));
    }
}
