using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Portal.Engine.Containers;
using Portal.Engine.Containers.Lifecycle;
using Portal.Engine.Logs;
using Portal.Engine.Logs.Rotation;
using Portal.Testing;
using Portal.Testing.Engine;

namespace Portal.Engine.Tests.Logs;

public sealed class LogRotatorTests : IAsyncLifetime
{
    private FakeEngine _engine = null!;

    public async Task InitializeAsync() => _engine = await FakeEngine.StartAsync();

    public async Task DisposeAsync() => await _engine.DisposeAsync();

    [Theory]
    [InlineData(1, new[] { "container.log", "container.log.000004" })]
    [InlineData(2, new[] { "container.log", "container.log.000004" })]
    [InlineData(3, new[] { "container.log", "container.log.000003", "container.log.000004" })]
    public async Task Care_FullFiles_KeepsSoMany(int kept, string[] expected)
    {
        var id = await StartedAsync(new LogRotation(10, kept));
        for (var round = 0; round < 4; round++)
        {
            _engine.Runtime[id].WriteLine($"round {round}");
            await CareAsync(id);
        }

        _engine.Runtime[id].WriteLine("last");
        var folder = Path.GetDirectoryName((await _engine.Containers.InspectAsync(id)).LogPath)!;
        Assert.Equal(expected, Directory.EnumerateFiles(folder).Select(Path.GetFileName).Order());
        var lines = await LinesAsync(id);
        Assert.Equal("last\n", lines[^1]);
        Assert.Equal(kept, lines.Count);
    }

    [Fact]
    public async Task Care_SmallFile_DoesNothing()
    {
        var id = await StartedAsync(new LogRotation(1000, 3));
        _engine.Runtime[id].WriteLine("small");
        await CareAsync(id);

        Assert.Single(Directory.EnumerateFiles(Path.GetDirectoryName((await _engine.Containers.InspectAsync(id)).LogPath)!));
    }

    [Fact]
    public async Task Run_FileGrows_RotatesByItself()
    {
        var id = await StartedAsync(new LogRotation(10, 3));
        _engine.Runtime[id].WriteLine("something long enough");
        var path = (await _engine.Containers.InspectAsync(id)).LogPath;

        await Eventually.HoldsAsync(() =>
        {
            _engine.Time.Advance(TimeSpan.FromMilliseconds(500));
            return File.Exists(path + ".000001");
        });
    }

    [Fact]
    public async Task Care_KilledBetweenRenameAndReopen_NextEngineReopensAndLosesNothing()
    {
        var id = await StartedAsync(new LogRotation(10, 5));
        _engine.Runtime[id].WriteLine("before");
        _engine.Runtime.OnReopen = _ => throw new IOException("killed here");
        await Assert.ThrowsAsync<IOException>(() => CareAsync(id));
        _engine.Runtime[id].WriteLine("between");

        Assert.Equal(["before\n", "between\n"], await LinesAsync(id));
        _engine.Runtime.OnReopen = _ => Task.CompletedTask;
        await _engine.RestartAsync();
        await CareAsync(id);
        _engine.Runtime[id].WriteLine("after");

        Assert.Equal(["before\n", "between\n", "after\n"], await LinesAsync(id));
    }

    [Fact]
    public async Task Care_KilledAfterAskingToReopen_DoesNotAskAgain()
    {
        var id = await StartedAsync(new LogRotation(10, 5));
        _engine.Runtime[id].WriteLine("before");
        var asked = 0;
        var monitor = Task.CompletedTask;
        _engine.Runtime.OnReopen = async _ =>
        {
            asked++;
            if (asked == 1)
            {
                throw new IOException("killed here; the monitor has heard it");
            }

            await Task.CompletedTask;
        };
        await Assert.ThrowsAsync<IOException>(() => CareAsync(id));
        var path = (await _engine.Containers.InspectAsync(id)).LogPath;
        monitor = Task.Run(async () =>
        {
            await Task.Delay(50);
            await File.WriteAllTextAsync(path, "2026-01-02T03:04:05Z stdout F late\n");
        });

        await CareAsync(id);
        await monitor;

        Assert.Equal(1, asked);
        Assert.Equal(["before\n", "late\n"], await LinesAsync(id));
    }

    [Fact]
    public async Task Follow_KilledBetweenRenameAndReopen_StaysOnTheRenamedFile()
    {
        var id = await StartedAsync(new LogRotation(10, 5));
        _engine.Runtime[id].WriteLine("before");
        await using var reader = _engine.Logs.ReadAsync(id, new LogQuery { Follow = true }).GetAsyncEnumerator();
        Assert.True(await reader.MoveNextAsync());
        _engine.Runtime.OnReopen = _ => throw new IOException("killed here");
        await Assert.ThrowsAsync<IOException>(() => CareAsync(id));
        _engine.Runtime[id].WriteLine("between");

        Assert.True(await reader.MoveNextAsync());
        Assert.Equal("between\n", Encoding.UTF8.GetString(reader.Current.Data.Span));
        _engine.Runtime.OnReopen = _ => Task.CompletedTask;
        await CareAsync(id);
        _engine.Runtime[id].WriteLine("after");
        Assert.True(await reader.MoveNextAsync());
        Assert.Equal("after\n", Encoding.UTF8.GetString(reader.Current.Data.Span));
    }

    private Task CareAsync(string id)
    {
        var container = _engine.Services.GetRequiredService<ContainerRegistry>().Get(id);
        return _engine.Services.GetRequiredService<LogRotator>().CareAsync(container, CancellationToken.None);
    }

    private async Task<string> StartedAsync(LogRotation rotation)
    {
        var created = await _engine.Containers.CreateAsync(new ContainerSpec { Image = "busybox", LogRotation = rotation });
        await _engine.Containers.StartAsync(created.Id);
        return created.Id;
    }

    private async Task<List<string>> LinesAsync(string id)
    {
        var lines = new List<string>();
        await foreach (var record in _engine.Logs.ReadAsync(id, new LogQuery()))
        {
            lines.Add(Encoding.UTF8.GetString(record.Data.Span));
        }

        return lines;
    }
}
