using Portal.Engine.Errors;
using Portal.Engine.Linux.Runtime.Spec.Mounts;
using Portal.Engine.Runtime;

namespace Portal.Engine.Linux.Tests.Runtime.Spec;

public sealed class MountTargetsTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("portal-test-").FullName;

    public MountTargetsTests()
    {
        Directory.CreateDirectory(Path("etc/real"));
        Link("var/run", "/run");
        Link("up", "../../../etc/real");
        Link("etc/inner", "real");
        Link("nowhere", "/not/there");
        Link("dev/inner", "/etc");
        Link("data/link", "/etc");
        Link("circle", "circle");
    }

    [Theory]
    [InlineData("/plain/new", "/plain/new")]
    [InlineData("/etc/real", "/etc/real")]
    [InlineData("/nowhere/below", "/not/there/below")]
    [InlineData("/var/run/docker.sock", "/run/docker.sock")]
    [InlineData("/up/x", "/etc/real/x")]
    [InlineData("/etc/inner", "/etc/real")]
    [InlineData("/var/run/../x/./y", "/x/y")]
    [InlineData("/dev/inner/x", "/dev/inner/x")]
    public void Resolve_Destination_IsWhereItsLinksLead(string destination, string expected)
    {
        Assert.Equal(expected, Assert.Single(Resolve(destination)));
    }

    [Fact]
    public void Resolve_BelowAnotherMount_IsLeftToTheRuntime()
    {
        Assert.Equal(["/data", "/data/link/x", "/etc"], Resolve("/data", "/data/link/x", "/etc"));
        Assert.Equal(["/etc/x", "/data"], Resolve("/data/link/x", "/data"));
        Assert.Equal(["/run", "/run/lock"], Resolve("/var/run", "/run/lock"));
    }

    [Theory]
    [InlineData("/proc")]
    [InlineData("/proc/sys")]
    [InlineData("/etc/../proc/self/attr")]
    [InlineData("/kernel/sys")]
    public void Resolve_PlaceInProc_IsTheKernels(string destination)
    {
        Link("kernel", "/proc");

        Assert.Contains("cannot be mounted because it is", Assert.Throws<EngineException>(() => Resolve(destination)).Message);
        Assert.Equal(["/proc/cpuinfo"], Resolve("/proc/cpuinfo"));
        var own = new RuntimeMount("bind", "/proc", "/proc", ["rbind"]);
        Assert.Equal("/proc", Assert.Single(MountTargets.Resolve([own], _folder)).Destination);
    }

    [Fact]
    public void Resolve_Circle_IsRefused()
    {
        Assert.Contains("too many symbolic links", Assert.Throws<EngineException>(() => Resolve("/circle/x")).Message);
    }

    [Fact]
    public void Options_OfAReadOnlyFile_SayNothingOfWhatIsBelow()
    {
        var file = Path("file");
        File.WriteAllText(file, "");
        var options = MountAccess.Options(new RuntimeMount("bind", file, "/file", ["rbind", "rro"]));

        Assert.Equal(["rbind", "ro"], options.Where(option => option is "rbind" or "ro" or "rro"));
        var folder = new RuntimeMount("bind", Path("etc"), "/etc", ["rbind", "rro"]);
        Assert.Equal(MountAccess.CanBeRecursive, MountAccess.Options(folder).Contains("rro"));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private IEnumerable<string> Resolve(params string[] destinations)
    {
        var mounts = destinations.Select(destination => new RuntimeMount("bind", "/", destination, ["rbind"])).ToList();
        return MountTargets.Resolve(mounts, _folder).Select(mount => mount.Destination);
    }

    private string Path(string name) => System.IO.Path.Combine(_folder, name);

    private void Link(string name, string target)
    {
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(Path(name))!);
        File.CreateSymbolicLink(Path(name), target);
    }
}
