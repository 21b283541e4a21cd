using Portal.Engine.Hosting;
using Portal.Engine.Linux.Cgroups;
using Portal.Testing;

namespace Portal.Engine.Linux.Tests.Cgroups;

public sealed class CgroupMovesTests : IAsyncDisposable
{
    private readonly TestInstance _instance = new();

    public ValueTask DisposeAsync() => _instance.DisposeAsync();

    [Fact]
    public async Task Anticipate_Version1_MovesAThreadToWhereItIs()
    {
        var (controllers, path) = OwnVersion1();
        var file = Path.Combine(_instance.TempRoot + path, "tasks");
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);

        Tree(1, new CgroupHierarchy(_instance.TempRoot, controllers, Unified: false)).Anticipate();

        await Eventually.HoldsAsync(() => File.Exists(file) && int.TryParse(File.ReadAllText(file), out _), "a thread's number is written");
    }

    [Fact]
    public async Task Anticipate_OwnCgroupIsNotToBeSeen_MayBeCalledAgain()
    {
        var (controllers, path) = OwnVersion1();
        var tree = Tree(1, new CgroupHierarchy(_instance.TempRoot, controllers, Unified: false));
        tree.Anticipate();
        var file = Path.Combine(_instance.TempRoot + path, "tasks");
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);

        await Eventually.HoldsAsync(
            () =>
            {
                tree.Anticipate();
                return File.Exists(file);
            },
            "a later call gets through");
    }

    // On a host with version 2 alone there is one line, without controllers, which stands for a tree of version 1 as well.
    private static (IReadOnlyList<string> Controllers, string Path) OwnVersion1()
    {
        var line = File.ReadLines("/proc/self/cgroup").First().Split(':', 3);
        return (line[1].Split(',', StringSplitOptions.RemoveEmptyEntries), line[2]);
    }

    private CgroupTree Tree(int version, CgroupHierarchy hierarchy) => new(
        new EngineOptions { Name = _instance.Name, DataRoot = _instance.DataRoot, RunRoot = _instance.RunRoot },
        CgroupMounts.Of(version, hierarchy));
}
