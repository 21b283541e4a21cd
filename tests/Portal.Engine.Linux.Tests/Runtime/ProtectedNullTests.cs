using System.Diagnostics;
using Portal.Engine.Linux.Runtime;
using Portal.Testing;

namespace Portal.Engine.Linux.Tests.Runtime;

public sealed class ProtectedNullTests : IAsyncDisposable
{
    private static readonly int s_forever = (int)TestSettings.Within(TimeSpan.FromMinutes(1)).TotalMilliseconds;
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

    [Fact]
    public void AwaitEndOfInput_WriterThere_WaitsForItToGo()
    {
        using var process = StartIdle();
        Assert.False(ProtectedNull.AwaitEndOfInput(process.Id, patienceMilliseconds: 50));

        process.StandardInput.Close();

        // Also when the last writer has gone before anybody waits: that is what mostly happens.
        Assert.True(ProtectedNull.AwaitEndOfInput(process.Id, s_forever));
        Assert.True(ProtectedNull.AwaitEndOfInput(process.Id, s_forever));
        End(process);
    }

    [Fact]
    public async Task AwaitEndOfInput_WriterGoesMeanwhile_IsSeen()
    {
        using var process = StartIdle();
        var waiting = Task.Run(() => ProtectedNull.AwaitEndOfInput(process.Id, s_forever));
        await Task.WhenAny(waiting, Task.Delay(50));
        Assert.False(waiting.IsCompleted);

        process.StandardInput.Close();

        Assert.True(await waiting);
        End(process);
    }

    [Fact]
    public async Task AwaitEndOfInput_ProcessEnds_GoesOn()
    {
        using var process = StartIdle();
        var waiting = Task.Run(() => ProtectedNull.AwaitEndOfInput(process.Id, s_forever));

        process.Kill();

        Assert.True(await waiting);
        await process.WaitForExitAsync();
        Assert.True(ProtectedNull.AwaitEndOfInput(process.Id, s_forever));
    }

    /// <summary>A process that never reads its input, as one that is created and not started.</summary>
    private static Process StartIdle()
    {
        return Process.Start(new ProcessStartInfo("sleep") { ArgumentList = { "1000" }, RedirectStandardInput = true })!;
    }

    private static void End(Process process)
    {
        process.Kill();
        process.WaitForExit();
    }
}
