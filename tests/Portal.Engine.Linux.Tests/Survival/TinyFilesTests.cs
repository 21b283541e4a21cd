using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Portal.Engine.Archives;
using Portal.Engine.Images.Checking;
using Portal.Engine.Images.Importing;
using Portal.Engine.Linux.Tests.Images;
using Portal.Engine.Snapshots;
using Portal.Testing;
using Xunit.Abstractions;

namespace Portal.Engine.Linux.Tests.Survival;

// Alone: what is measured is the memory of the whole process.
[Collection(RunsAlone.Name)]
public sealed class TinyFilesTests(ITestOutputHelper output) : ImageTestBase
{
    [Fact]
    [Trait("Area", "survival")]
    public async Task ImportAsync_ManyTinyFiles_TakesNoMemoryForEach()
    {
        await Engine.DisposeAsync();
        Engine = Open(services => services.AddSingleton(ImageEngine.Impatient));
        var count = TestSettings.Rounds(5_000, 1_000_000);
        var path = Instance.TempPath("tiny.tar");
        await using (var file = File.Create(path))
        {
            var tar = new TarOutput(new BufferedStream(file, 1 << 20));
            for (var i = 0; i < count; i++)
            {
                if (i % 1000 == 0)
                {
                    await tar.BeginAsync(TarOutput.Folder($"{i / 1000}/"), default);
                }

                await tar.WriteFileAsync($"{i / 1000}/{i}", "x"u8.ToArray(), default);
            }

            await tar.FinishAsync(default);
        }

        await using var archive = File.OpenRead(path);
        var watch = Stopwatch.StartNew();
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var image = await Engine.Get<IImageImports>().ImportAsync(archive, new ImageImport { Name = "tiny" });

        var imported = watch.Elapsed;

        // Folders are remembered until the end of the layer, one for a thousand files.
        Assert.InRange(GC.GetTotalMemory(forceFullCollection: true) - before, long.MinValue, 30_000_000);
        Assert.Equal(count, image.Size);
        Assert.Empty((await Engine.Get<IStoreCheck>().RunAsync(new StoreCheckRequest())).Problems);
        var checkedAt = watch.Elapsed;
        await Engine.Images.RemoveAsync("tiny");
        Assert.Empty(Layers());
        var removed = watch.Elapsed;
        await Engine.Get<ILayerMaintenance>().WaitForSpaceAsync();
        Assert.Empty(Directory.GetFileSystemEntries(Path.Combine(Instance.DataRoot, "overlay", "trash")));
        output.WriteLine($"{count} files: {imported} import, {removed - checkedAt} removal, {watch.Elapsed - removed} until gone");
    }
}
