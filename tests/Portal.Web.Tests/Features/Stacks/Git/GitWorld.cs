using System.Net;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Options;
using Portal.Testing.Git;
using Portal.Testing.Processes;
using Portal.Testing.Registries;
using Portal.Web.Configuration;
using Portal.Web.Features.Stacks.Files;
using Portal.Web.Features.Stacks.Git;
using Portal.Web.Features.Stacks.Sources;
using Portal.Web.Security.Outgoing;

namespace Portal.Web.Tests.Features.Stacks.Git;

/// <summary>Git's own server over TLS, with an authority of its own, and repositories: <c>IClassFixture&lt;GitWorld&gt;</c>.</summary>
public sealed class GitWorld : IAsyncLifetime
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("portal-git-test-");
    private GitServer? _server;

    public GitServer Server => _server!;

    public string Folder => _folder.FullName;

    /// <summary>Of the authority, in PEM.</summary>
    public string Certificates { get; private set; } = "";

    /// <summary>What the portal has of its own while it fetches.</summary>
    public string Data => Path.Combine(Folder, "data");

    public async Task InitializeAsync()
    {
        var authority = new TestAuthority(Path.Combine(Folder, "authority"));
        var (certificate, key) = authority.Sign("server", IPAddress.Loopback);
        Certificates = await File.ReadAllTextAsync(authority.CertificateFile);
        using var pair = X509Certificate2.CreateFromPemFile(certificate, key);
        _server = await GitServer.StartAsync(
            Path.Combine(Folder, "repositories"), X509CertificateLoader.LoadPkcs12(pair.Export(X509ContentType.Pkcs12), null));
    }

    public async Task DisposeAsync()
    {
        await Server.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    public string AddressOf(string name) => $"{Server.Address}/{name}/.git";

    internal GitRepositories Repositories(string inside = "127.0.0.0/8")
    {
        var options = Options.Create(new PortalOptions { Data = Data, OutgoingInside = inside });
        return new GitRepositories(new OutgoingConnections(options), options, TimeProvider.System);
    }

    internal GitAccess Access(string address) => new()
    {
        Address = GitAddress.Parse(address) ?? throw new ArgumentException(address),
        User = GitServer.User,
        Secret = GitServer.Password,
        Certificates = Certificates,
    };

    /// <summary>What a stack takes out of the main branch of a repository.</summary>
    internal async Task<StackFileSet> TakeAsync(string name, bool withSubmodules = false, params string[] composeFiles)
    {
        var (_, files) = await FetchAsync(Access(AddressOf(name)), withSubmodules, composeFiles);
        return files;
    }

    internal async Task<(GitCommit Commit, StackFileSet Files)> FetchAsync(
        GitAccess access, bool withSubmodules = false, params string[] composeFiles) =>
        await Repositories().FetchAsync(
            access,
            new GitReference(GitReference.Branch, "main"),
            withSubmodules,
            async (tree, token) => (tree.Commit, await new StackTreeReader(tree).ReadAsync(
                composeFiles.Length > 0 ? composeFiles : ["compose.yaml"], "test", new Dictionary<string, string>(), token)),
            CancellationToken.None);

    /// <summary>Makes a repository, or a further commit of it, with some files.</summary>
    /// <returns>The commit.</returns>
    public async Task<string> CommitAsync(string name, params (string Path, string Text)[] files)
    {
        var folder = FolderOf(name);
        if (!Directory.Exists(folder))
        {
            Directory.CreateDirectory(folder);
            await RunAsync(name, "init", "--quiet", "--initial-branch=main");
        }

        foreach (var (path, text) in files)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(folder, path))!);
            await File.WriteAllTextAsync(Path.Combine(folder, path), text);
        }

        await RunAsync(name, "add", "--all");
        return await CommitIndexAsync(name);
    }

    /// <summary>Commits what the index has: for what no folder can have.</summary>
    public async Task<string> CommitIndexAsync(string name)
    {
        await RunAsync(
            name, "-c", "user.name=Ann", "-c", "user.email=ann@example.com", "commit", "--quiet", "--allow-empty", "--message=more");
        return await RunAsync(name, "rev-parse", "HEAD");
    }

    public async Task<string> RunAsync(string name, params string[] arguments) =>
        (await Tool.RunAsync("git", ["-C", FolderOf(name), .. arguments])).Trim();

    public string FolderOf(string name) => Path.Combine(Folder, "repositories", name);
}
