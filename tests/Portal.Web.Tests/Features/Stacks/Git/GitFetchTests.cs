using System.Text;
using Portal.Testing.Git;
using Portal.Web.Features.Stacks.Git;

namespace Portal.Web.Tests.Features.Stacks.Git;

/// <summary>Fetching from real servers of https and ssh.</summary>
public sealed class GitFetchTests(GitWorld world) : IClassFixture<GitWorld>
{
    private const string File = "services: {web: {image: a}}\n";

    [Fact]
    public async Task Files_OfACommit_AreThoseThatTheStackRefersTo()
    {
        await world.CommitAsync(
            "app",
            ("deploy/compose.yaml", """
                include: [../shared/db.yaml]
                services:
                  web:
                    image: web:${TAG}
                    env_file: web.env
                    volumes: ["./conf:/etc/web:ro", "./run.sh:/run.sh", "./data:/data", "/srv:/srv"]
                    configs: [motd]
                configs: {motd: {file: motd.txt}}
                """),
            ("deploy/prod.yaml", "services: {web: {restart: always}}\n"),
            ("deploy/.env", "TAG=3\n"),
            ("deploy/web.env", "A=1\n"),
            ("deploy/motd.txt", "hello\n"),
            ("deploy/conf/a.conf", "a"),
            ("deploy/conf/sub/b.conf", "b"),
            ("deploy/run.sh", "#!/bin/sh\n"),
            ("shared/db.yaml", "services: {db: {image: db}}\n"),
            ("README.md", "not for the stack"));
        System.IO.File.SetUnixFileMode(Path.Combine(world.FolderOf("app"), "deploy/run.sh"), (UnixFileMode)0b111_101_101);
        await System.IO.File.WriteAllBytesAsync(Path.Combine(world.FolderOf("app"), "deploy/conf/logo"), [0, 255, 1]);
        var id = await world.CommitAsync("app");

        var (commit, files) = await world.FetchAsync(
            world.Access(world.AddressOf("app")), false, "deploy/compose.yaml", "deploy/prod.yaml");

        Assert.Equal((id, "Ann", "more"), (commit.Id, commit.Author, commit.Subject));
        Assert.Equal(
            [
                "deploy/.env", "deploy/compose.yaml", "deploy/conf/a.conf", "deploy/conf/logo", "deploy/conf/sub/b.conf", "deploy/motd.txt",
                "deploy/prod.yaml", "deploy/run.sh", "deploy/web.env", "shared/db.yaml",
            ],
            files.Files.Keys);
        Assert.Equal(["deploy/run.sh"], files.Files.Where(file => file.Value.IsExecutable).Select(file => file.Key));
        Assert.Equal([0, 255, 1], files.Files["deploy/conf/logo"].Bytes);
        Assert.Empty(Directory.GetFileSystemEntries(Path.Combine(world.Data, "portal", "git")));
    }

    [Fact]
    public async Task References_AreBranchesTagsAndCommits()
    {
        var first = await world.CommitAsync("refs", ("compose.yaml", File));
        await world.RunAsync("refs", "-c", "user.name=n", "-c", "user.email=e", "tag", "-a", "v1", "-m", "one");
        await world.RunAsync("refs", "tag", "light");
        var second = await world.CommitAsync("refs", ("compose.yaml", File + "\n"));
        var (repositories, access) = (world.Repositories(), world.Access(world.AddressOf("refs")));

        Task<string> FindAsync(string kind, string name) => repositories.FindAsync(access, new GitReference(kind, name), default);

        Assert.Equal(second, await FindAsync("branch", "main"));
        Assert.Equal(second, await FindAsync("branch", ""));
        Assert.Equal(first, await FindAsync("tag", "v1"));
        Assert.Equal(first, await FindAsync("tag", "light"));
        var failure = await Assert.ThrowsAsync<GitException>(() => FindAsync("branch", "none"));
        Assert.Contains("no branch none", failure.Message, StringComparison.Ordinal);
        var old = await repositories.FetchAsync(
            access, new GitReference("commit", first), false, (tree, _) => Task.FromResult(tree.Commit.Id), default);
        Assert.Equal(first, old);
    }

    [Fact]
    public async Task Login_ThatIsWrongOrMissing_IsToldWithAdvice()
    {
        await world.CommitAsync("closed", ("compose.yaml", File));
        var address = world.AddressOf("closed");
        var wrong = new GitAccess
            { Address = GitAddress.Parse(address)!, User = "me", Secret = "no-such-token", Certificates = world.Certificates };
        var none = new GitAccess { Address = wrong.Address, Certificates = world.Certificates };
        var strange = new GitAccess { Address = wrong.Address, User = GitServer.User, Secret = GitServer.Password };

        Assert.Contains("or another than was given", await FailureOf(wrong), StringComparison.Ordinal);
        Assert.DoesNotContain("no-such-token", await FailureOf(wrong), StringComparison.Ordinal);
        Assert.Contains("wants a login", await FailureOf(none), StringComparison.Ordinal);
        Assert.Contains("not from who the portal trusts", await FailureOf(strange), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Server_InsideTheNetworkOrThatSendsOn_IsNotFollowed()
    {
        await world.CommitAsync("moved", ("compose.yaml", File));
        var access = world.Access(world.AddressOf("moved"));
        var refused = await Assert.ThrowsAsync<GitException>(() =>
            world.Repositories(inside: "").FindAsync(access, new GitReference("branch", "main"), default));

        string sent;
        await using (var other = await GitServer.StartAsync(Path.Combine(world.Folder, "repositories")))
        {
            world.Server.RedirectsTo = other.Address;
            sent = await FailureOf(access);
            world.Server.RedirectsTo = null;
            Assert.Empty(other.Seen);
        }

        Assert.Contains("PORTAL_OUTGOING_INSIDE", refused.Message, StringComparison.Ordinal);
        Assert.Contains("not followed", sent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Server_OfSsh_IsKnownByTheKeysThatWereAccepted()
    {
        await using var server = await SshServer.StartAsync(Path.Combine(world.Folder, "sshd"));
        await using var other = await SshServer.StartAsync(Path.Combine(world.Folder, "sshd-other"));
        var id = await world.CommitAsync("shell", ("compose.yaml", File));
        var address = GitAddress.Parse($"ssh://root@127.0.0.1:{server.Port}{world.FolderOf("shell")}/.git")!;
        var shown = await world.Repositories().ReadHostKeysAsync(address, default);
        var silent = await Assert.ThrowsAsync<GitException>(
            () => world.Repositories().ReadHostKeysAsync(GitAddress.Parse("ssh://git@127.0.0.1:1/app")!, default));
        Assert.Contains("shows no key at port 1", silent.Message, StringComparison.Ordinal);
        var accepted = new GitAccess { Address = address, Secret = server.PrivateKey, HostKeys = string.Join('\n', shown) };
        var forged = new GitAccess
            { Address = address, Secret = server.PrivateKey, HostKeys = other.KnownHosts.Split(' ', 2)[1] };
        var unknown = new GitAccess { Address = address, Secret = server.PrivateKey };
        var stranger = new GitAccess { Address = address, Secret = other.PrivateKey, HostKeys = server.KnownHosts };

        var (commit, files) = await world.FetchAsync(accepted);

        Assert.Equal((id, File), (commit.Id, Encoding.UTF8.GetString(files.Files["compose.yaml"].Bytes)));
        var listed = await Portal.Testing.Processes.Tool.RunAsync("ssh-keygen", "-l", "-f", Path.Combine(world.Folder, "sshd/host.pub"));
        Assert.Contains(shown, key => listed.Contains(key.Fingerprint, StringComparison.Ordinal));
        Assert.Contains("another key than those that were accepted", await FailureOf(forged), StringComparison.Ordinal);
        Assert.Contains("accept them", await FailureOf(unknown), StringComparison.Ordinal);
        Assert.Contains("does not take this key", await FailureOf(stranger), StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(Path.Combine(world.Data, "portal", "git")));
    }

    [Theory]
    [InlineData("http://host/app.git")]
    [InlineData("file:///etc")]
    [InlineData("/srv/app.git")]
    [InlineData("ext::sh -c id")]
    [InlineData("https://me:token@host/app.git")]
    [InlineData("https://host/a b")]
    [InlineData("https://host/app.git\n--upload-pack=id")]
    [InlineData("https://host/../app.git")]
    [InlineData("https://host:0/app.git")]
    [InlineData("ssh://-oProxyCommand=id/app.git")]
    [InlineData("ssh://git@-oProxyCommand=id/app.git")]
    [InlineData("git@host:-app")]
    [InlineData("--upload-pack=id")]
    [InlineData("git://host/app.git")]
    public void Address_ThatIsNotFetchedFrom_IsNone(string text) => Assert.Null(GitAddress.Parse(text));

    [Theory]
    [InlineData("https://host/team/app.git", "../lib.git", "https://host/team/lib.git")]
    [InlineData("git@host:team/app.git", "../lib", "git@host:team/lib")]
    [InlineData("ssh://git@host:2222/team/app", "./sub", "ssh://git@host:2222/team/app/sub")]
    [InlineData("https://host/app", "../../../etc", null)]
    [InlineData("https://host/app", "file:///etc", null)]
    [InlineData("https://host/app", "-u./payload", null)]
    [InlineData("https://host/app", "http://127.0.0.1/x", null)]
    [InlineData("https://host/app", "ssh://-oProxyCommand=touch/x", null)]
    public void Submodule_IsNamedFromItsRepository(string address, string text, string? expected) =>
        Assert.Equal(expected, GitAddress.Parse(address)!.Resolve(text)?.Text);

    [Theory]
    [InlineData("branch", "a..b")]
    [InlineData("branch", "-x")]
    [InlineData("branch", "a b")]
    [InlineData("tag", "")]
    [InlineData("tag", "a*")]
    [InlineData("commit", "abc")]
    [InlineData("head", "main")]
    public void Reference_ThatIsNone_IsRefused(string kind, string name) => Assert.NotNull(new GitReference(kind, name).Problem);

    private async Task<string> FailureOf(GitAccess access) => (await Assert.ThrowsAsync<GitException>(() =>
        world.Repositories().FindAsync(access, new GitReference("branch", "main"), default))).Message;
}
