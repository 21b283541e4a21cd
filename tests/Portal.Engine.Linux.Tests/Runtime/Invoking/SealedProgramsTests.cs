using Microsoft.Extensions.Logging.Abstractions;
using Portal.Engine.Linux.Runtime.Invoking;
using Portal.Testing.Processes;

namespace Portal.Engine.Linux.Tests.Runtime.Invoking;

public sealed class SealedProgramsTests : IAsyncLifetime, IDisposable
{
    private readonly SealedPrograms _programs = new(NullLogger<SealedPrograms>.Instance);
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("portal-sealed-");

    private string Crun => Path.Combine(_folder.FullName, "crun");

    public Task InitializeAsync() => WriteAsync("first");

    public Task DisposeAsync() => Task.CompletedTask;

    public void Dispose()
    {
        _programs.Dispose();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public void PathOf_AnotherRuntime_IsItsOwn() => Assert.Equal("/usr/sbin/runc", _programs.PathOf("/usr/sbin/runc"));

    [Fact]
    public async Task PathOf_Crun_IsACopyThatRuns()
    {
        var path = _programs.PathOf("/usr/bin/crun");

        Assert.StartsWith($"/proc/{Environment.ProcessId}/fd/", path, StringComparison.Ordinal);
        Assert.Equal(await Tool.RunAsync("/usr/bin/crun", "--version"), await Tool.RunAsync(path, "--version"));
    }

    [Fact]
    public void PathOf_Crun_CannotBeWrittenTo()
    {
        var path = _programs.PathOf(Crun);

        Assert.ThrowsAny<Exception>(() => File.AppendAllText(path, "more"));
        Assert.Equal(File.ReadAllText(Crun), File.ReadAllText(path));
    }

    [Fact]
    public async Task PathOf_ProgramWasReplaced_IsTheNewOnesAndTheOldCopyStays()
    {
        var first = _programs.PathOf(Crun);
        Assert.Equal(first, _programs.PathOf(Crun));

        await WriteAsync("the second");

        var second = _programs.PathOf(Crun);
        Assert.Contains("the second", File.ReadAllText(second), StringComparison.Ordinal);
        Assert.Contains("first", File.ReadAllText(first), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Create_WithCrun_ItsProcessRunsFromMemory()
    {
        await using var bench = await RuntimeBench.CreateAsync();
        var processId = await bench.Runtime.CreateAsync(bench.Describe("sleep", "1000") with { Runtime = "crun" });

        Assert.Equal("/memfd:crun (deleted)", new FileInfo($"/proc/{processId}/exe").LinkTarget);
    }

    private async Task WriteAsync(string text)
    {
        await File.WriteAllTextAsync(Crun, $"#!/bin/sh\necho {text}\n");
        File.SetUnixFileMode(Crun, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }
}
