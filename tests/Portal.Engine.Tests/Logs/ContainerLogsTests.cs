using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Portal.Engine.Containers;
using Portal.Engine.Containers.Lifecycle;
using Portal.Engine.Errors;
using Portal.Engine.Logs;
using Portal.Engine.Logs.Rotation;
using Portal.Engine.Runtime;
using Portal.Testing;
using Portal.Testing.Engine;

namespace Portal.Engine.Tests.Logs;

public sealed class ContainerLogsTests : IAsyncLifetime
{
    private FakeEngine _engine = null!;
    private string _id = null!;

    private FakeProcess Process => _engine.Runtime[_id];

    public async Task InitializeAsync()
    {
        _engine = await FakeEngine.StartAsync();
        _id = (await _engine.Containers.CreateAsync(
            new ContainerSpec { Image = "busybox", LogRotation = new LogRotation(1, 3) })).Id;
        await _engine.Containers.StartAsync(_id);
    }

    public async Task DisposeAsync() => await _engine.DisposeAsync();

    [Fact]
    public async Task Read_UnknownContainer_IsNotFound()
    {
        var failure = await Assert.ThrowsAsync<EngineException>(async () =>
        {
            await foreach (var record in _engine.Logs.ReadAsync("nope", new LogQuery()))
            {
                Assert.Fail($"There is no such record: {record}");
            }
        });
        Assert.Equal(EngineErrorKind.NotFound, failure.Kind);
    }

    [Fact]
    public async Task Read_BothStreams_FiltersAndKeepsBytesAndOrder()
    {
        Process.WriteLine("one");
        Process.WriteLine("two", OutputSource.Stderr);
        Process.WriteLine("thr", partial: true);
        Process.WriteLine("ee\u0000\u00ff");

        Assert.Equal(["one\n", "two\n", "thr", "ee\0\u00ff\n"], await TextsAsync(new LogQuery()));
        Assert.Equal(["two\n"], await TextsAsync(new LogQuery { Stdout = false }));
        Assert.Equal(["one\n", "thr", "ee\0\u00ff\n"], await TextsAsync(new LogQuery { Stderr = false }));
    }

    [Fact]
    public async Task Read_TailWithinTime_CountsBackFromThatMomentAndStopsThere()
    {
        for (var i = 0; i < 6; i++)
        {
            Process.WriteLine($"{i}");
        }

        var times = new List<DateTimeOffset>();
        await foreach (var record in _engine.Logs.ReadAsync(_id, new LogQuery()))
        {
            times.Add(record.Time);
        }

        // How many were written by then, whether or not the clock ticked between two lines.
        var until = times[3];
        var before = times.Count(time => time <= until);
        var found = await TextsAsync(new LogQuery { Tail = 2, Until = until, TailWithinTime = true });

        Assert.Equal([$"{before - 2}\n", $"{before - 1}\n"], found);
    }

    [Fact]
    public async Task Read_TailWithinTimeLineEndsAfterIt_CountsOnlyLinesThatHaveEnded()
    {
        const string Then = "2026-01-01T00:00:00.000000000+00:00 stdout";
        const string Later = "2026-01-01T00:00:01.000000000+00:00 stdout";
        var path = (await _engine.Containers.InspectAsync(_id)).LogPath;
        await File.AppendAllTextAsync(path, $"{Then} F one\n{Then} F two\n{Then} F three\n{Then} P fo\n{Later} F ur\n");

        var until = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
        var found = await TextsAsync(new LogQuery { Tail = 2, Until = until, TailWithinTime = true });

        Assert.Equal(["two\n", "three\n", "fo"], found);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(10)]
    [InlineData(15)]
    [InlineData(99)]
    public async Task Read_Tail_GivesTheLastLinesAcrossFiles(int tail)
    {
        for (var line = 0; line < 15; line++)
        {
            Process.WriteLine($"line {line}", line % 3 == 0 ? OutputSource.Stderr : OutputSource.Stdout);
            if (line is 4 or 9)
            {
                await RotateAsync();
            }
        }

        var all = Enumerable.Range(0, 15).Select(line => $"line {line}\n").ToArray();
        Assert.Equal(all.TakeLast(tail), await TextsAsync(new LogQuery { Tail = tail }));
        var errors = all.Where((_, line) => line % 3 == 0).TakeLast(tail);
        Assert.Equal(errors, await TextsAsync(new LogQuery { Tail = tail, Stdout = false }));
    }

    [Fact]
    public async Task Read_TailOfLongAndPartialLines_CountsLines()
    {
        var random = new Random(3);
        var lines = new List<string>();
        for (var line = 0; line < 60; line++)
        {
            var parts = Enumerable.Range(0, random.Next(1, 4)).Select(_ => new string('x', random.Next(0, 9000))).ToArray();
            foreach (var part in parts[..^1])
            {
                Process.WriteLine(part, partial: true);
            }

            Process.WriteLine(parts[^1]);
            lines.Add(string.Concat(parts) + "\n");
        }

        foreach (var tail in new[] { 1, 2, 5, 17, 59, 60, 61 })
        {
            Assert.Equal(string.Concat(lines.TakeLast(tail)), string.Concat(await TextsAsync(new LogQuery { Tail = tail })));
        }

        Process.WriteLine("not ended", partial: true);
        Assert.Equal(["not ended"], await TextsAsync(new LogQuery { Tail = 1 }));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(null)]
    public async Task Read_OfABusyLog_EndsWhereItWasAtTheBeginning(int? tail)
    {
        Process.WriteLine("one");
        Process.WriteLine("two");
        var texts = new List<string>();
        await foreach (var record in _engine.Logs.ReadAsync(_id, new LogQuery { Tail = tail }))
        {
            texts.Add(Encoding.UTF8.GetString(record.Data.Span));
            Process.WriteLine("later");
        }

        Assert.Equal(tail is null ? ["one\n", "two\n"] : ["two\n"], texts);
    }

    [Fact]
    public async Task Read_TailWhileALineIsWritten_GivesTheLastWholeOne()
    {
        Process.WriteLine("one");
        Process.WriteLine("two");
        await File.AppendAllTextAsync((await _engine.Containers.InspectAsync(_id)).LogPath, "2026-01-01T00:00:00.123456789+00:00 stdout F thr");

        Assert.Equal(["two\n"], await TextsAsync(new LogQuery { Tail = 1 }));
    }

    [Fact]
    public async Task Read_SinceAndUntil_BoundTheTime()
    {
        // One that is not rotated, as the rotator wakes up when time passes.
        var id = (await _engine.Containers.CreateAsync(new ContainerSpec { Image = "busybox" })).Id;
        await _engine.Containers.StartAsync(id);
        var start = _engine.Time.GetUtcNow();
        for (var line = 0; line < 5; line++)
        {
            _engine.Runtime[id].WriteLine($"{line}");
            _engine.Time.Advance(TimeSpan.FromSeconds(1));
        }

        var query = new LogQuery { Since = start.AddSeconds(1), Until = start.AddSeconds(3) };
        Assert.Equal(["1\n", "2\n", "3\n"], await TextsAsync(query, id));
    }

    [Fact]
    public async Task Read_Garbage_IsPassedOver()
    {
        Process.WriteLine("one");
        var path = (await _engine.Containers.InspectAsync(_id)).LogPath;
        await File.AppendAllTextAsync(path, "no log line\n\n2026-01-01T00:00:00Z stdout\n");
        await File.AppendAllTextAsync(path, new string('z', 3 * 1024 * 1024) + "\n");
        await File.AppendAllTextAsync(path, "2026-01-01T00:00:00Z stdout F two\n2026-01-01T00:00:00Z stdout F half");

        Assert.Equal(["one\n", "two\n"], await TextsAsync(new LogQuery()));
        Assert.Equal(["one\n", "two\n"], (await TextsAsync(new LogQuery { Tail = 3 })).Where(text => text != "half\n"));
    }

    [Fact]
    public async Task Follow_NewLinesAndRotations_LosesAndDoublesNothing()
    {
        const int Lines = 3000;
        var read = new List<string>();
        var reading = TextsAsync(new LogQuery { Follow = true }, into: read);
        for (var line = 0; line < Lines; line++)
        {
            Process.WriteLine($"{line}");
            if (line % 100 == 99)
            {
                // Readers that are no more than the kept files behind lose nothing; this one stays one behind.
                await RotateAsync();
                var least = line - 100;
                await Eventually.HoldsAsync(() => read.Count >= least);
            }
        }

        _engine.Runtime.End(_id, 0);

        Assert.Equal(Enumerable.Range(0, Lines).Select(line => $"{line}\n"), await reading);
    }

    [Fact]
    public async Task Follow_RestartByPolicy_GoesOnUntilTheContainerHasEnded()
    {
        var id = (await _engine.Containers.CreateAsync(new ContainerSpec
        {
            Image = "busybox",
            RestartPolicy = new RestartPolicy(RestartPolicyKind.OnFailure),
        })).Id;
        await _engine.Containers.StartAsync(id);
        var reading = TextsAsync(new LogQuery { Follow = true }, id);
        _engine.Runtime[id].WriteLine("first run");
        _engine.Runtime.End(id, 1);
        await Eventually.HoldsAsync(async () =>
        {
            _engine.Time.Advance(TimeSpan.FromSeconds(1));
            return await _engine.Containers.InspectAsync(id) is { RestartCount: 1, State: ContainerState.Running };
        });
        _engine.Runtime[id].WriteLine("second run");
        _engine.Runtime.End(id, 0);

        Assert.Equal(["first run\n", "second run\n"], await reading);
    }

    [Fact]
    public async Task Follow_TailZero_GivesNewLinesAlone()
    {
        Process.WriteLine("old");
        await using var reader = _engine.Logs.ReadAsync(_id, new LogQuery { Follow = true, Tail = 0 }).GetAsyncEnumerator();
        var next = reader.MoveNextAsync();
        Assert.False(next.IsCompleted);
        Process.WriteLine("new");

        Assert.True(await next);
        Assert.Equal("new\n", Encoding.UTF8.GetString(reader.Current.Data.Span));
    }

    [Fact]
    public async Task Follow_Removed_Ends()
    {
        Process.WriteLine("line");
        var reading = TextsAsync(new LogQuery { Follow = true });
        await _engine.Containers.RemoveAsync(_id, force: true);

        Assert.True((await reading).Count <= 1);
    }

    [Fact]
    public async Task Read_TwoHundredThousandLines_AllComeBack()
    {
        var path = (await _engine.Containers.InspectAsync(_id)).LogPath;
        await using (var file = new StreamWriter(path, append: true))
        {
            for (var line = 0; line < 200_000; line++)
            {
                await file.WriteAsync($"2026-01-01T00:00:00.123456789+00:00 stdout F this is line number {line} of a log\n");
            }
        }

        var count = 0;
        await foreach (var record in _engine.Logs.ReadAsync(_id, new LogQuery()))
        {
            count += record.Data.Length > 0 ? 1 : 0;
        }

        Assert.Equal(200_000, count);
    }

    private Task RotateAsync()
    {
        var rotator = _engine.Services.GetRequiredService<LogRotator>();
        var container = _engine.Services.GetRequiredService<ContainerRegistry>().Get(_id);
        return rotator.CareAsync(container, CancellationToken.None);
    }

    private async Task<List<string>> TextsAsync(LogQuery query, string? container = null, List<string>? into = null)
    {
        var texts = into ?? [];
        await foreach (var record in _engine.Logs.ReadAsync(container ?? _id, query))
        {
            texts.Add(Encoding.UTF8.GetString(record.Data.Span));
        }

        return texts;
    }
}
