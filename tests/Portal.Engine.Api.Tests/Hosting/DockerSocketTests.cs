using System.Net.Sockets;
using Portal.Engine.Api.Hosting;

namespace Portal.Engine.Api.Tests.Hosting;

public sealed class DockerSocketTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("pt-sock-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Socket_OfARunningHost_IsForOwnerAndGroup()
    {
        await using var host = await DockerApiHost.StartAsync();

        Assert.Equal("rw-rw----", Describe(File.GetUnixFileMode(host.SocketPath)));
    }

    [Fact]
    public void RemoveStale_NobodyAnswers_Removes()
    {
        var path = Path.Combine(_folder, "s");
        var dead = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        dead.Bind(new UnixDomainSocketEndPoint(path));

        // Bound and never listened on: what a crash leaves, as a clean end would remove the file.
        DockerSocketFile.RemoveStale(path);

        Assert.False(Path.Exists(path));
        dead.Dispose();
    }

    [Fact]
    public void RemoveStale_SomebodyAnswers_Refuses()
    {
        var path = Path.Combine(_folder, "s");
        using var alive = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        alive.Bind(new UnixDomainSocketEndPoint(path));
        alive.Listen();

        Assert.Contains("another process answers", Assert.Throws<IOException>(() => DockerSocketFile.RemoveStale(path)).Message);
        Assert.True(Path.Exists(path));
    }

    [Fact]
    public void RemoveStale_OrdinaryFile_Refuses()
    {
        var path = Path.Combine(_folder, "s");
        File.WriteAllText(path, "precious");

        Assert.Throws<IOException>(() => DockerSocketFile.RemoveStale(path));
        Assert.Equal("precious", File.ReadAllText(path));
    }

    [Fact]
    public void FindGroup_AsInGroup5_FindsExactNamesAlone()
    {
        var file = Path.Combine(_folder, "group");
        File.WriteAllText(file, "portals:x:1:\nbroken\nportal:x:977:a,b\n");

        Assert.Equal(977u, DockerSocketFile.FindGroup(file, "portal"));
        Assert.Null(DockerSocketFile.FindGroup(file, "por"));
        Assert.Null(DockerSocketFile.FindGroup(file + "x", "portal"));
    }

    private static string Describe(UnixFileMode mode)
    {
        const string Letters = "rwxrwxrwx";
        return string.Concat(Letters.Select((letter, index) => ((int)mode & (1 << (8 - index))) != 0 ? letter : '-'));
    }
}
