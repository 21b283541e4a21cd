using Portal.Engine.Hosting;
using Portal.Engine.Storage;
using Portal.Testing;
using Portal.Testing.Engine;

namespace Portal.Engine.Tests.Storage;

public sealed class DiskWatchTests
{
    private const long Size = 100L << 20;
    private readonly RecordingLogger<DiskWatch> _log = new();
    private readonly DiskWatch _watch;
    private long _free = Size / 2;

    public DiskWatchTests()
    {
        var options = new EngineOptions { Name = "pt", DataRoot = "/data", RunRoot = "/run/pt" };
        _watch = new DiskWatch(options, new FakeTimeProvider(), _log) { Read = path => new DiskRoom(path, Size, _free) };
    }

    [Fact]
    public void Look_DiskFillsAndEmpties_EachIsToldOnce()
    {
        Look(free: Size / 2);
        Assert.Empty(_log.Entries);

        Look(free: 0);
        Look(free: Size / 50);
        Assert.Contains("Warning: The disk of '/data' is full: 0 MiB of 100 MiB are free.", Assert.Single(_log.Entries));

        Look(free: Size / 2);
        Look(free: Size / 2);
        Assert.Equal(2, _log.Entries.Count);
        Assert.StartsWith("Information: The disk of '/data' has room again", _log.Entries.Last());
    }

    [Theory]
    [InlineData(100L << 20, 4L << 20, true)]
    [InlineData(100L << 20, 6L << 20, false)]
    [InlineData(1000L << 30, 2L << 30, false)]
    [InlineData(1000L << 30, 1L << 29, true)]
    public void IsScarce_OfSmallAndLargeDisks_IsAShareOrAnAmount(long total, long free, bool scarce) =>
        Assert.Equal(scarce, new DiskRoom("/", total, free).IsScarce);

    [Fact]
    public void Read_NoSuchFolder_IsNothing() => Assert.Null(DiskRoom.Read("/nonexistent-folder-of-tests"));

    private void Look(long free)
    {
        _free = free;
        _watch.Look();
    }
}
