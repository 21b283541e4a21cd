using Portal.Engine.Hosting;
using Portal.Engine.Linux.Cgroups;

namespace Portal.Engine.Linux.Tests.Cgroups;

public sealed class CgroupMountsTests
{
    private static readonly EngineOptions s_options = new() { Name = "x", DataRoot = "/d", RunRoot = "/r" };

    [Fact]
    public void Parse_Unified_IsVersion2()
    {
        var mounts = CgroupMounts.Parse(
            ["22 1 0:20 / /proc rw - proc proc rw", "30 23 0:26 / /sys/fs/cgroup rw,nosuid shared:9 - cgroup2 cgroup2 rw,nsdelegate"]);

        Assert.Equal(2, mounts.Version);
        Assert.Equal("/sys/fs/cgroup/x/id", new CgroupTree(s_options, mounts).Folder("id", "memory"));
    }

    [Fact]
    public void Parse_Hybrid_IsVersion1WithAllTrees()
    {
        var mounts = CgroupMounts.Parse(
        [
            "30 23 0:26 / /sys/fs/cgroup ro - tmpfs tmpfs ro",
            "31 30 0:27 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw",
            "32 30 0:28 / /sys/fs/cgroup/systemd rw - cgroup cgroup rw,xattr,name=systemd",
            "33 30 0:29 / /sys/fs/cgroup/cpu,cpuacct rw - cgroup cgroup rw,cpu,cpuacct",
            "34 30 0:30 / /elsewhere/memory rw - cgroup cgroup rw,memory",
            "broken",
        ]);

        Assert.Equal(1, mounts.Version);
        Assert.Equal(
            ["/sys/fs/cgroup/unified", "/sys/fs/cgroup/systemd", "/sys/fs/cgroup/cpu,cpuacct"],
            mounts.Hierarchies.Select(hierarchy => hierarchy.MountPoint));
        Assert.Equal(["name=systemd"], mounts.Hierarchies[1].Controllers);
        var tree = new CgroupTree(s_options, mounts);
        Assert.Equal("/sys/fs/cgroup/cpu,cpuacct/x/id", tree.Folder("id", "cpuacct"));
        Assert.Null(tree.Folder("id", "memory"));
    }

    [Theory]
    [InlineData("oom_kill_disable 0\nunder_oom 0\noom_kill 3", 3)]
    [InlineData("low 0\nhigh 0\nmax 5\noom 2\noom_kill 1\noom_group_kill 0", 1)]
    [InlineData("oom_kill x", 0)]
    [InlineData("", 0)]
    public void OutOfMemory_BothVersions_AreRead(string text, long kills) => Assert.Equal(kills, OutOfMemoryRecord.Parse(text.Split('\n')));
}
