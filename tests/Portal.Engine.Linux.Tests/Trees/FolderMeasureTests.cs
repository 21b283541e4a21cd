using Portal.Engine.Linux.Interop;
using Portal.Engine.Linux.Interop.Folders;
using Portal.Testing.Processes;

namespace Portal.Engine.Linux.Tests.Trees;

public sealed class FolderMeasureTests : IDisposable
{
    private readonly string _parent = Directory.CreateTempSubdirectory("pt-measure-").FullName;
    private readonly string _folder;

    public FolderMeasureTests() => _folder = Directory.CreateDirectory(Path.Combine(_parent, "tree")).FullName;

    public void Dispose() => FolderTree.Remove(_parent);

    [Fact]
    public async Task Sum_FilesWithSeveralNames_CountOnceAndAreForgottenWithTheirLastName()
    {
        await MakeLinkedAsync(files: 3);
        var measure = Measure(FolderMeasure.MostLinked);

        Assert.Equal(30, Sum(measure));
        Assert.Equal(0, measure.Remembered);
    }

    [Fact]
    public async Task Sum_MoreLinkedFilesThanAreRemembered_MakesTheSameSum()
    {
        await MakeLinkedAsync(files: 3);

        Assert.Equal(30, Sum(Measure(mostLinked: 1)));
        Assert.Equal(30, Sum(Measure(mostLinked: 0)));
    }

    [Fact]
    public async Task Sum_NameOutsideTheTree_IsRememberedOnce()
    {
        await MakeLinkedAsync(files: 3);
        await Tool.RunAsync("ln", _folder + "/a0", _parent + "/outside");
        var measure = Measure(FolderMeasure.MostLinked);

        Assert.Equal(30, Sum(measure));
        Assert.Equal(1, measure.Remembered);
    }

    [Fact]
    public void Sum_FolderThatWasRemovedMeanwhile_IsNothing()
    {
        using var folder = FileCalls.OpenFolder(_folder);
        Directory.Delete(_folder);

        Assert.Equal(0, Measure(FolderMeasure.MostLinked).Sum(folder, _folder));
    }

    [Fact]
    public void Sum_Cancelled_Stops()
    {
        File.WriteAllText(_folder + "/file", "x");
        var measure = new FolderMeasure(filesOnly: false, FolderMeasure.MostLinked, new CancellationToken(canceled: true));

        Assert.Throws<OperationCanceledException>(() => Sum(measure));
    }

    [Fact]
    public void Sum_LongFolder_AllocatesNothingForItsNames()
    {
        for (var number = 0; number < 20_000; number++)
        {
            File.Create($"{_folder}/a-name-of-some-length-{number}").Dispose();
        }

        Sum(Measure(FolderMeasure.MostLinked));
        var before = GC.GetAllocatedBytesForCurrentThread();
        Sum(Measure(FolderMeasure.MostLinked));

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 100_000);
    }

    [Fact]
    public void Measure_LinksPipesAndNamesThatAreNoText_CountAsThemselves()
    {
        File.CreateSymbolicLink(_folder + "/link", "12345");
        using var folder = FileCalls.OpenFolder(_folder);
        using var file = FileCalls.TryOpenAt(folder, [0xFF, 0xFE, 0], OpenFlags.WriteOnly | OpenFlags.Create, 0x1A4, out _);
        RandomAccess.Write(file, "1234567"u8, 0);

        Assert.Equal(12, FolderTree.Measure(_folder));
        Assert.Equal(7, FolderTree.TryMeasureFiles(_folder));
    }

    private static FolderMeasure Measure(int mostLinked) => new(filesOnly: false, mostLinked, CancellationToken.None);

    private long Sum(FolderMeasure measure)
    {
        using var folder = FileCalls.OpenFolder(_folder);
        return measure.Sum(folder, _folder);
    }

    private async Task MakeLinkedAsync(int files)
    {
        Directory.CreateDirectory(_folder + "/below");
        for (var number = 0; number < files; number++)
        {
            await File.WriteAllTextAsync($"{_folder}/a{number}", "0123456789");
            await Tool.RunAsync("ln", $"{_folder}/a{number}", $"{_folder}/below/b{number}");
        }
    }
}
