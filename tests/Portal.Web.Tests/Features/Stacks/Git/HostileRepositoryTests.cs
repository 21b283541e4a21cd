using Portal.Web.Features.Stacks;
using Portal.Web.Features.Stacks.Git;

namespace Portal.Web.Tests.Features.Stacks.Git;

/// <summary>Repositories whose writers are no friends: they get an error, and nothing of the portal's host.</summary>
public sealed class HostileRepositoryTests(GitWorld world) : IClassFixture<GitWorld>
{
    private const string Bind = "services: {web: {image: a, volumes: ['./conf:/conf']}}\n";
    private static int s_number;

    [Theory]
    [InlineData("compose.yaml", "/etc/passwd")]
    [InlineData("conf", "/etc")]
    [InlineData("conf/passwd", "/etc/passwd")]
    public async Task Link_OutOfTheTree_IsNotFollowed(string path, string target)
    {
        var name = Name();
        await world.CommitAsync(name, ("other.yaml", Bind));
        await world.CommitAsync(name, path.StartsWith("conf", StringComparison.Ordinal) ? [("compose.yaml", Bind)] : []);
        var full = Path.Combine(world.FolderOf(name), path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        File.CreateSymbolicLink(full, target);
        await world.CommitAsync(name);

        Assert.Contains("symbolic link", await FailureOf(name), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Config_BehindALink_IsNotRead()
    {
        var name = Name();
        await world.CommitAsync(name,
            ("compose.yaml", "services: {web: {image: a, configs: [c]}}\nconfigs: {c: {file: etc/passwd}}\n"));
        File.CreateSymbolicLink(Path.Combine(world.FolderOf(name), "etc"), "/etc");
        await world.CommitAsync(name);

        Assert.Contains("behind the symbolic link 'etc'", await FailureOf(name), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("../../../../etc/passwd")]
    public async Task Include_OutsideOfTheRepository_IsNotRead(string path)
    {
        var name = Name();
        await world.CommitAsync(name, ("compose.yaml", $"include: ['{path}']\nservices: {{web: {{image: a}}}}\n"));

        var failure = await Assert.ThrowsAsync<StackException>(() => world.TakeAsync(name));

        Assert.StartsWith("compose.yaml:1 ", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("root:", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task HooksFiltersAndSettings_OfTheRepository_RunNothing()
    {
        var (name, mark) = (Name(), Path.Combine(world.Folder, "was-run"));
        await world.CommitAsync(name,
            ("compose.yaml", Bind),
            ("conf/a", "a"),
            (".gitattributes", "* filter=evil\n"),
            (".gitconfig", $"[filter \"evil\"]\n\tsmudge = touch {mark}\n[core]\n\tfsmonitor = touch {mark}\n"),
            ("hooks/post-checkout", $"#!/bin/sh\ntouch {mark}\n"));

        var files = await world.TakeAsync(name);

        Assert.Equal(["compose.yaml", "conf/a"], files.Files.Keys);
        Assert.False(File.Exists(mark));
    }

    [Theory]
    [InlineData("file:///etc")]
    [InlineData("--upload-pack=touch was-run")]
    public async Task Submodule_WithAnAddressThatIsATrick_IsRefused(string url)
    {
        var name = Name();
        await AddSubmoduleAsync(name, new string('1', 40), $"[submodule \"x\"]\n\tpath = conf\n\turl = \"{url}\"\n\tupdate = !touch x\n");

        Assert.Contains("submodule 'conf'", await FailureOf(name, withSubmodules: true), StringComparison.Ordinal);
        Assert.Contains("not fetched for this stack", await FailureOf(name), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Submodule_OnTheSameServer_IsFetched()
    {
        var (name, other) = (Name(), Name());
        var id = await world.CommitAsync(other, ("in", "inside"), ("deep/er", "deeper"));
        await AddSubmoduleAsync(name, id, $"[submodule \"x\"]\n\tpath = conf\n\turl = ../../{other}/.git\n");

        var files = await world.TakeAsync(name, withSubmodules: true);

        Assert.Equal(["compose.yaml", "conf/deep/er", "conf/in"], files.Files.Keys);
    }

    [Fact]
    public async Task Submodule_ThatHasItself_EndsSomewhere()
    {
        var name = Name();
        var inner = await world.CommitAsync(name, ("compose.yaml", Bind));
        for (var depth = 0; depth < 5; depth++)
        {
            await AddSubmoduleAsync(name, inner, $"[submodule \"x\"]\n\tpath = conf\n\turl = ../../{name}/.git\n");
            inner = await world.RunAsync(name, "rev-parse", "HEAD");
        }

        Assert.Contains("deep", await FailureOf(name, withSubmodules: true), StringComparison.Ordinal);
    }

    [Fact]
    public async Task File_ThatIsHuge_IsNotRead()
    {
        var name = Name();
        await world.CommitAsync(name, ("compose.yaml", Bind), ("conf/huge", new string('0', (4 << 20) + 1)));

        Assert.Contains("too long", await FailureOf(name), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Files_ThatAreTooMany_AreNotRead()
    {
        var name = Name();
        await world.CommitAsync(name,
            [("compose.yaml", Bind), .. Enumerable.Range(0, 501).Select(number => ($"conf/{number}", "x"))]);

        Assert.Contains("more than 500 files", await FailureOf(name), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("conf/a\u001b[31m\nb")]
    [InlineData("conf/back\\slash")]
    public async Task Path_ThatNoNodeShallHave_IsRefused(string path)
    {
        var name = Name();
        await world.CommitAsync(name, ("compose.yaml", Bind), (path, "x"));

        var failure = await FailureOf(name);

        Assert.Matches("control characters|no path", failure);
        Assert.DoesNotContain('\u001b', failure);
    }

    [Fact]
    public async Task Path_WithDotsInTheTree_IsRefused()
    {
        var name = Name();
        await world.CommitAsync(name, ("compose.yaml", Bind));
        var blob = Convert.FromHexString(await world.RunAsync(name, "rev-parse", "HEAD:compose.yaml"));
        byte[] Entry(string mode, string path, byte[] id) => [.. System.Text.Encoding.ASCII.GetBytes($"{mode} {path}\0"), .. id];
        var up = await StoreAsync(name, "tree", Entry("100644", "escaped", blob));
        var conf = await StoreAsync(name, "tree", Entry("40000", "..", Convert.FromHexString(up)));
        var root = await StoreAsync(
            name, "tree", [.. Entry("100644", "compose.yaml", blob), .. Entry("40000", "conf", Convert.FromHexString(conf))]);
        var commit = await world.RunAsync(name, "-c", "user.name=n", "-c", "user.email=e", "commit-tree", "-m", "x", root);
        await world.RunAsync(name, "update-ref", "refs/heads/main", commit);

        Assert.Contains("no path below the project", await FailureOf(name), StringComparison.Ordinal);
    }

    [Fact]
    public async Task File_OfGitLfs_IsToldAndNotTakenForItself()
    {
        var name = Name();
        await world.CommitAsync(name, ("compose.yaml", Bind),
            ("conf/model", "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n"));

        Assert.Contains("Git LFS", await FailureOf(name), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Subject_WithControlCharacters_IsPlain()
    {
        var name = Name();
        await world.CommitAsync(name, ("compose.yaml", "services: {web: {image: a}}\n"));
        await world.RunAsync(name, "-c", "user.name=E\u001bve", "-c", "user.email=e", "commit", "--quiet", "--allow-empty",
            "--message=\u001b[2Jgone \u202Eback " + new string('x', 10_000));

        var (commit, _) = await world.FetchAsync(world.Access(world.AddressOf(name)));

        Assert.StartsWith("[2Jgone back xxx", commit.Subject, StringComparison.Ordinal);
        Assert.Equal(256, commit.Subject.Length);
        Assert.Equal("Eve", commit.Author);
    }

    private static string Name() => $"hostile-{Interlocked.Increment(ref s_number)}";

    private async Task AddSubmoduleAsync(string name, string id, string settings)
    {
        await world.CommitAsync(name, ("compose.yaml", Bind), (".gitmodules", settings));
        await world.RunAsync(name, "update-index", "--add", "--cacheinfo", $"160000,{id},conf");
        await world.CommitIndexAsync(name);
    }

    private async Task<string> StoreAsync(string name, string type, byte[] content)
    {
        var path = Path.Combine(world.Folder, Name());
        await File.WriteAllBytesAsync(path, content);
        return await world.RunAsync(name, "hash-object", "--literally", "-w", "-t", type, path);
    }

    private async Task<string> FailureOf(string name, bool withSubmodules = false) =>
        (await Assert.ThrowsAsync<GitException>(() => world.TakeAsync(name, withSubmodules))).Message;
}
