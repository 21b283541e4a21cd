using Portal.Engine.Containers;
using Portal.Testing.Engine;

namespace Portal.Engine.Tests.Storage;

/// <summary>An engine is killed between writing a temporary file and moving it to its place.</summary>
public sealed class CutOffWritesTests
{
    [Fact]
    public async Task Start_AfterWritesThatWereCutOff_TheirFilesAreGoneAndNothingElse()
    {
        await using var engine = await FakeEngine.StartAsync();
        var created = await engine.Containers.CreateAsync(new ContainerSpec { Image = "busybox" });
        await engine.EndAsync();
        var container = Path.Combine("data", "containers", created.Id);
        var log = Write(engine, Path.Combine(container, "logs"), ".container.log.tmp");
        string[] left =
        [
            Write(engine, container, ".state.json.1a2b3c4d.e5f.tmp"), Write(engine, container, ".forwarded.1a2b3c4d.e5f.tmp"),
            Write(engine, Path.Combine("data", "events"), ".journal.jsonl.1a2b3c4d.e5f.tmp"),
            Write(engine, Path.Combine("data", "networks"), ".one.json.1a2b3c4d.e5f.tmp"),
            Write(engine, Path.Combine("run", "networks"), ".one.json.1a2b3c4d.e5f.tmp"),
            Write(engine, Path.Combine("data", "images"), ".index.json.1a2b3c4d.e5f.tmp"),
            Write(engine, Path.Combine("data", "content", "diff-ids"), ".1a2b.1a2b3c4d.e5f.tmp"),
        ];

        await engine.BeginAsync();

        Assert.DoesNotContain(left, File.Exists);
        Assert.True(File.Exists(log), "only what a write of state leaves is taken away");
        Assert.Equal(created.Id, Assert.Single(await engine.Containers.ListAsync()).Id);
    }

    private static string Write(FakeEngine engine, string folder, string name)
    {
        var path = Path.Combine(Directory.CreateDirectory(Path.Combine(engine.Root, folder)).FullName, name);
        File.WriteAllText(path, "{");
        return path;
    }
}
