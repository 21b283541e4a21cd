using Microsoft.Extensions.Logging.Abstractions;
using Portal.Engine.Events;
using Portal.Testing.Engine;

namespace Portal.Engine.Tests.Events;

public sealed class EngineEventsTests : IDisposable
{
    private const int Kept = 10;
    private readonly string _folder = Directory.CreateTempSubdirectory("portal-events-").FullName;
    private readonly PlainDurableFiles _files = new();
    private readonly FakeTimeProvider _time = new();

    private string JournalPath => Path.Combine(_folder, "events", "journal.jsonl");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Publish_Several_NumbersThemWithoutGaps()
    {
        using var events = Open();
        Publish(events, 3);

        Assert.Equal([1, 2, 3], await NumbersAsync(events, 0));
        Assert.Equal([3], await NumbersAsync(events, 2));
        Assert.Equal(3, events.LastSequence);
    }

    [Fact]
    public async Task Read_NewOnesAlone_WaitsForThem()
    {
        using var events = Open();
        Publish(events, 2);
        await using var reader = events.ReadAsync(-1).GetAsyncEnumerator();
        var next = reader.MoveNextAsync();
        Assert.False(next.IsCompleted);

        events.Publish(EngineEventType.Image, "pull", "sha256:x", new Dictionary<string, string> { ["name"] = "busybox" });

        Assert.True(await next);
        Assert.Equal(3, reader.Current.Sequence);
        Assert.Equal(EngineEventType.Image, reader.Current.Type);
        Assert.Equal("busybox", reader.Current.Attributes["name"]);
        Assert.Equal(_time.GetUtcNow(), reader.Current.Time);
    }

    [Fact]
    public async Task Read_Cancelled_Ends()
    {
        using var events = Open();
        using var cancel = new CancellationTokenSource();
        await using var reader = events.ReadAsync(0, cancel.Token).GetAsyncEnumerator();
        var next = reader.MoveNextAsync();
        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await next);
    }

    [Fact]
    public async Task Open_AfterAKill_GoesOnWithTheNumbers()
    {
        // Never disposed, as a killed process disposes nothing; what was written is in the page cache.
        var killed = Open();
        Publish(killed, 5);
        using var events = Open();
        Publish(events, 1);

        Assert.Equal([1, 2, 3, 4, 5, 6], await NumbersAsync(events, 0));
        killed.Dispose();
    }

    [Theory]
    [InlineData("{\"sequence\":4,\"ti")]
    [InlineData("\0\0\0\0\0\0\0\0\n")]
    [InlineData("{}\n")]
    [InlineData("null\n{\"sequence\":5}\n")]
    public async Task Open_DamagedEnd_IsCutOff(string damage)
    {
        using (var before = Open())
        {
            Publish(before, 3);
        }

        await File.AppendAllTextAsync(JournalPath, damage);
        using (var after = Open())
        {
            Publish(after, 1);
            Assert.Equal([1, 2, 3, 4], await NumbersAsync(after, 0));
        }

        using var again = Open();
        Assert.Equal([1, 2, 3, 4], await NumbersAsync(again, 0));
    }

    [Fact]
    public async Task Publish_MoreThanKept_KeepsTheNewestInMemoryAndOnDisk()
    {
        using (var events = Open())
        {
            Publish(events, 57);
            Assert.Equal(Enumerable.Range(48, 10).Select(number => (long)number), await NumbersAsync(events, 0));
        }

        Assert.InRange(File.ReadLines(JournalPath).Count(), Kept, 2 * Kept);
        using var next = Open();
        Assert.Equal(Enumerable.Range(48, 10).Select(number => (long)number), await NumbersAsync(next, 0));
        Assert.Equal(57, next.LastSequence);
    }

    [Fact]
    public async Task Publish_FromManyThreads_GivesEachReaderAll()
    {
        using var events = new EngineEvents(JournalPath, 10_000, _files, _time, NullLogger<EngineEvents>.Instance);
        var readers = Enumerable.Range(0, 3).Select(_ => Task.Run(async () =>
        {
            var numbers = new List<long>();
            await foreach (var item in events.ReadAsync(0))
            {
                numbers.Add(item.Sequence);
                if (item.Sequence == 2000)
                {
                    break;
                }
            }

            return numbers;
        })).ToArray();
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => Publish(events, 500))));

        foreach (var numbers in await Task.WhenAll(readers))
        {
            Assert.Equal(Enumerable.Range(1, 2000).Select(number => (long)number), numbers);
        }
    }

    private EngineEvents Open() => new(JournalPath, Kept, _files, _time, NullLogger<EngineEvents>.Instance);

    private static void Publish(EngineEvents events, int count)
    {
        for (var number = 0; number < count; number++)
        {
            events.Publish(EngineEventType.Container, "start", "id", new Dictionary<string, string> { ["n"] = $"{number}" });
        }
    }

    private static async Task<List<long>> NumbersAsync(EngineEvents events, long after)
    {
        var numbers = new List<long>();
        await foreach (var item in events.ReadAsync(after))
        {
            numbers.Add(item.Sequence);
            if (item.Sequence == events.LastSequence)
            {
                break;
            }
        }

        return numbers;
    }
}
