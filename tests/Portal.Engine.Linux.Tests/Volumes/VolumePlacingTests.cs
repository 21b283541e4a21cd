using Portal.Engine.Errors;
using Portal.Engine.Linux.Volumes;
using Portal.Testing;
using Portal.Testing.Processes;

namespace Portal.Engine.Linux.Tests.Volumes;

/// <summary>Files that take the place of others by renames, broken off at every step.</summary>
public sealed class VolumePlacingTests : IAsyncLifetime
{
    private const string Work = ".portal-restore-1";
    private readonly LinuxVolumePlacing _placing = new();
    private readonly string _root;

    public VolumePlacingTests() => _root = Directory.CreateDirectory(Instance.TempPath("root")).FullName;

    private TestInstance Instance { get; } = new();

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await Instance.DisposeAsync();

    [Fact]
    public async Task Place_FilesFoldersAndLinks_AreAllThatIsThere()
    {
        await ShellAsync("mkdir -p a/b lost+found; touch a/b/c .hidden both; ln -s nowhere l; chmod 755 .");
        using (var aside = _placing.Begin(_root, Work))
        {
            await Tool.RunAsync(
                "bash",
                "-c",
                "cd $1; mkdir d; echo new > d/f; echo new > both; ln -s elsewhere l2; chown 3:4 .; chmod 1770 .; touch -d @1000000000 .",
                "bash",
                aside.Folder.Replace("self", $"{Environment.ProcessId}", StringComparison.Ordinal) + "/.");
        }

        _placing.Place(_root, Work);

        Assert.Equal(["both", "d", "l2", "lost+found"], Names());
        Assert.Equal("new\n", await File.ReadAllTextAsync(_root + "/both"));
        Assert.Equal("1770 3 4 1000000000\n", await Tool.RunAsync("stat", "-c", "%a %u %g %Y", _root));
        _placing.Settle(_root, Work);
        Assert.Equal(["both", "d", "l2", "lost+found"], Names());
    }

    [Theory]
    [InlineData("mkdir -p W/unpacked; touch W/unpacked/new1 old1 old2", "old1 old2")]
    [InlineData("mkdir -p W/new W/old-x; touch W/new/new1 W/new/new2 W/old-x/old1 old2", "new1 new2")]
    [InlineData("mkdir -p W/new W/old-x; touch W/new/new1 W/old-x/old1 W/old-x/old2", "new1")]
    [InlineData("mkdir -p W/new W/old-x/d d; touch W/new/new1 W/old-x/d/f d/again", "new1")]
    [InlineData("mkdir -p W/placing W/old-x; touch W/placing/new1 new2 W/old-x/old1", "new1 new2")]
    [InlineData("mkdir -p W/placing W/old-x; touch new1 new2 W/old-x/old1", "new1 new2")]
    [InlineData("mkdir -p W/old-x; touch new1 W/old-x/old1", "new1")]
    [InlineData("mkdir W; touch old1", "old1")]
    [InlineData("touch old1", "old1")]
    public async Task Settle_BrokenOffThere_IsAsItWasOrWhollyNew(string state, string expected)
    {
        await ShellAsync(state.Replace("W", Work, StringComparison.Ordinal));

        _placing.Settle(_root, Work);

        Assert.Equal(expected.Split(' '), Names());
        _placing.Settle(_root, Work);
        Assert.Equal(expected.Split(' '), Names());
    }

    [Fact]
    public async Task Place_SomethingMountedBeneath_IsRefusedAndAllIsAsItWas()
    {
        await ShellAsync("mkdir a mounted z; touch a/1 z/1; mount -t tmpfs none mounted; touch mounted/kept");
        try
        {
            _placing.Begin(_root, Work).Dispose();

            var failure = Assert.Throws<EngineException>(() => _placing.Place(_root, Work));

            Assert.Contains("'mounted'", failure.Message);
            Assert.Equal(["a", "mounted", "z"], Names());
            Assert.True(File.Exists(_root + "/mounted/kept") && File.Exists(_root + "/a/1") && File.Exists(_root + "/z/1"));
        }
        finally
        {
            await ShellAsync("umount mounted");
        }
    }

    [Fact]
    public async Task Begin_FolderThatOthersReplaceByALink_IsFilledWhereItWasAndNowhereElse()
    {
        var outside = Directory.CreateDirectory(Instance.TempPath("outside")).FullName;
        using var aside = _placing.Begin(_root, Work);

        await ShellAsync($"mv {Work}/unpacked moved; ln -s {outside} {Work}/unpacked");
        await File.WriteAllTextAsync(aside.Folder + "/f", "x");

        Assert.Empty(Directory.GetFileSystemEntries(outside));
        Assert.True(File.Exists(_root + "/moved/f"));
        await ShellAsync($"rm {Work}/unpacked; ln -s {outside} {Work}/placing; touch {outside}/kept");
        _placing.Settle(_root, Work);
        Assert.Equal(["moved"], Names());
        Assert.True(File.Exists(outside + "/kept"));
    }

    private string[] Names() =>
        [.. Directory.GetFileSystemEntries(_root).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];

    private Task ShellAsync(string script) => Tool.RunAsync("bash", "-c", "cd $1; " + script, "bash", _root);
}
