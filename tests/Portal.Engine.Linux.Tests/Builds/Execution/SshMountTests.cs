using System.Formats.Tar;
using System.Globalization;
using System.Text;
using Portal.Engine.Builds;
using Portal.Engine.Errors;
using Portal.Testing.Git;
using Portal.Testing.Processes;
using Portal.Testing;

namespace Portal.Engine.Linux.Tests.Builds.Execution;

/// <summary><c>RUN --mount=type=ssh</c> with the host's own ssh in the image, and a real server.</summary>
public sealed class SshMountTests
{
    private const string Base = "FROM busybox\nCOPY root /\n";
    private const string Connect = "ssh -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null -o IdentitiesOnly=no";

    [Fact]
    public async Task Run_WithSshMount_SignsWithTheKeyAndNeverSeesIt()
    {
        await using var host = await BuildHost.StartAsync();
        await using var server = await SshServer.StartAsync(host.Engine.Instance.TempPath("sshd"));
        var secret = host.Engine.Instance.TempPath("behind-ssh");
        await File.WriteAllTextAsync(secret, "reached\n");
        var port = server.Port.ToString(CultureInfo.InvariantCulture);
        var file = $"""
            {Base}
            RUN --network=host --mount=type=ssh,required=true echo "socket $SSH_AUTH_SOCK" && ssh-add -l \
                && {Connect} -p {port} root@127.0.0.1 cat {secret} > /got
            RUN --mount=type=ssh ! ssh-add -D && ! ssh-add -x < /dev/null && ssh-add -l | grep -c ED25519
            """;

        var image = await host.BuildAsync(Request(server.PrivateKey) with { NetworkMode = "host" }, await ContextAsync(file));

        Assert.Contains("socket /run/buildkit/ssh_agent.0\n", host.Output);
        Assert.Contains("ED25519", host.Output);
        Assert.Equal("reached\n", await host.RunAsync(image, "cat /got; ls -d /run/buildkit 2> /dev/null"));
        Assert.Empty(Directory.EnumerateFileSystemEntries(Path.Combine(host.Engine.Instance.RunRoot, "builds")));
        await Eventually.HoldsAsync(() => Task.FromResult(AgentsOf(host) == 0));
    }

    [Fact]
    public async Task Run_WithSshMountForAnotherUser_IsServed()
    {
        await using var host = await BuildHost.StartAsync();
        var key = await KeyAsync(host);
        var file = $"""
            {Base}
            USER 1000
            RUN --mount=type=ssh,id=deploy,uid=1000,mode=0600,target=/tmp/agent ssh-add -l \
                && echo "$SSH_AUTH_SOCK" && stat -c '%u %a' /tmp/agent
            RUN --mount=type=ssh,id=deploy ssh-add -l || echo "not for me"
            """;

        await host.BuildAsync(Request(key, "deploy"), await ContextAsync(file));

        Assert.Contains("ED25519", host.Output);
        Assert.Contains("/tmp/agent\n1000 600\n", host.Output);
        Assert.Contains("not for me", host.Output);
    }

    [Fact]
    public async Task Run_WithAKeyThatIsLockedOrNone_FailsInWords()
    {
        await using var host = await BuildHost.StartAsync();
        var locked = host.Engine.Instance.TempPath("locked");
        await SshServer.MakeKeyAsync(locked, "passphrase");
        const string File = "FROM busybox\nRUN --mount=type=ssh true";

        var withPassphrase = await FailAsync(host, await System.IO.File.ReadAllTextAsync(locked), File);
        var garbage = await FailAsync(host, "-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n-----END OPENSSH PRIVATE KEY-----", File);
        var none = await FailAsync(host, "nothing", File);
        var missing = await FailAsync(host, null, File.Replace("type=ssh", "type=ssh,required", StringComparison.Ordinal));

        Assert.Contains("passphrase", withPassphrase.Message, StringComparison.Ordinal);
        Assert.All([withPassphrase, garbage, none], failure => Assert.Contains("SSH key of the build can't be used", failure.Message));
        Assert.Contains("ssh default: not found", missing.Message);
        Assert.Empty(Directory.EnumerateFileSystemEntries(Path.Combine(host.Engine.Instance.RunRoot, "builds")));
    }

    private static async Task<EngineException> FailAsync(BuildHost host, string? key, string file) =>
        await Assert.ThrowsAnyAsync<EngineException>(() => host.BuildAsync(Request(key), BuildHost.Context(("Dockerfile", file))));

    private static BuildRequest Request(string? key, string id = "default") => new()
    {
        NetworkMode = "none",
        SshKeys = key is null ? new Dictionary<string, string>() : new Dictionary<string, string> { [id] = key },
    };

    private static async Task<string> KeyAsync(BuildHost host)
    {
        var path = host.Engine.Instance.TempPath("key");
        await SshServer.MakeKeyAsync(path);
        return await File.ReadAllTextAsync(path);
    }

    private static int AgentsOf(BuildHost host)
    {
        var words = $"-a\0{host.Engine.Instance.RunRoot}";
        return Directory.EnumerateDirectories("/proc").Count(folder =>
        {
            try
            {
                return File.ReadAllText(Path.Combine(folder, "cmdline")).Contains(words, StringComparison.Ordinal);
            }
            catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
            {
                return false;
            }
        });
    }

    /// <summary>A context with the host's ssh and ssh-add, and what they load.</summary>
    private static async Task<byte[]> ContextAsync(string dockerfile)
    {
        var listed = await Tool.RunAsync("ldd", "/usr/bin/ssh", "/usr/bin/ssh-add");
        var libraries = listed.Split((char[])[' ', '\n', '\t'], StringSplitOptions.RemoveEmptyEntries)
            .Where(word => word.StartsWith("/lib", StringComparison.Ordinal));
        using var stream = new MemoryStream();
        using (var tar = new TarWriter(stream, TarEntryFormat.Pax, leaveOpen: true))
        {
            Add(tar, "Dockerfile", Encoding.UTF8.GetBytes(dockerfile));
            Add(tar, "root/etc/passwd", "root:x:0:0::/:/bin/sh\nme:x:1000:1000::/tmp:/bin/sh\n"u8.ToArray());
            foreach (var path in libraries.Append("/usr/bin/ssh").Append("/usr/bin/ssh-add").Distinct())
            {
                Add(tar, "root" + path, await File.ReadAllBytesAsync(path));
            }
        }

        return stream.ToArray();
    }

    private static void Add(TarWriter tar, string path, byte[] content)
    {
        tar.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, path)
        {
            DataStream = new MemoryStream(content),
            Mode = (UnixFileMode)0x1ED,
        });
    }
}
