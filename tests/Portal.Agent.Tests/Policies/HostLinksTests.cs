using Portal.Agent.Policies;

namespace Portal.Agent.Tests.Policies;

public sealed class HostLinksTests : IDisposable
{
    // Resolved: the folder for temporary files may be behind a link itself.
    private readonly string _root = HostLinks.Resolve(Directory.CreateTempSubdirectory("links-").FullName)!;

    public HostLinksTests()
    {
        Directory.CreateDirectory($"{_root}/data/deep");
        Directory.CreateDirectory($"{_root}/secret");
        File.CreateSymbolicLink($"{_root}/data/out", $"{_root}/secret");
        File.CreateSymbolicLink($"{_root}/data/up", "../secret/./x");
        File.CreateSymbolicLink($"{_root}/data/far", "/../../../../../etc");
        File.CreateSymbolicLink($"{_root}/loop", "loop");
        File.CreateSymbolicLink($"{_root}/alias", "data/deep");
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Theory]
    [InlineData("/data/deep", "/data/deep")]
    [InlineData("/data/out", "/secret")]
    [InlineData("/data/out/new/folder", "/secret/new/folder")]
    [InlineData("/data/up", "/secret/x")]
    [InlineData("/data/up/../..", "")]
    [InlineData("/alias/../out", "/secret")]
    [InlineData("/data/missing/x", "/data/missing/x")]
    public void Resolve_Links_AreFollowedAsAMountWould(string path, string expected) =>
        Assert.Equal(_root + expected, HostLinks.Resolve(_root + path));

    [Fact]
    public void Resolve_BeyondTheRoot_IsTheRoot() =>
        Assert.Equal(HostLinks.Resolve("/etc"), HostLinks.Resolve($"{_root}/data/far"));

    [Theory]
    [InlineData("/loop")]
    [InlineData("/loop/x")]
    public void Resolve_Loop_IsNothing(string path) => Assert.Null(HostLinks.Resolve(_root + path));

    [Fact]
    public void Resolve_NoAbsolutePath_IsNothing()
    {
        Assert.Null(HostLinks.Resolve("data"));
        Assert.Null(HostLinks.Resolve("/a\0b"));
    }
}
