using Portal.Engine.Builds.Remotes;
using Portal.Engine.Linux.Builds;
using Portal.Testing;
using Portal.Testing.Processes;

namespace Portal.Engine.Linux.Tests.Builds.Execution;

public sealed class GitProofTests
{
    [Fact]
    public async Task Key_ForSsh_IsTheOnlyOneAndTheServerIsPinned()
    {
        await using var instance = new TestInstance();
        var folder = instance.TempPath("login");
        var key = instance.TempPath("own");
        await Tool.RunAsync("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key);
        var privateKey = (await File.ReadAllTextAsync(key)).ReplaceLineEndings("\r\n");
        var login = new GitLogin { PrivateKey = privateKey, KnownHosts = "host ssh-ed25519 AAAA" };

        using (var proof = GitProof.Make(login, "git@host:app.git", folder))
        {
            Assert.Equal([$"GIT_SSH_COMMAND=ssh -F '{folder}/config'"], proof.Environment);
            var settings = (await Tool.RunAsync("ssh", "-F", $"{folder}/config", "-G", "host")).Split('\n');
            Assert.Contains("stricthostkeychecking true", settings);
            Assert.Contains("batchmode yes", settings);
            Assert.Contains("identitiesonly yes", settings);
            Assert.Contains($"userknownhostsfile {folder}/known_hosts", settings);
            Assert.Contains("globalknownhostsfile /dev/null", settings);
            Assert.Equal([$"identityfile {folder}/key"], settings.Where(line => line.StartsWith("identityfile", StringComparison.Ordinal)));
            var publicKey = await Tool.RunAsync("ssh-keygen", "-y", "-f", key);
            Assert.Equal(publicKey, await Tool.RunAsync("ssh-keygen", "-y", "-f", $"{folder}/key"));
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode($"{folder}/key"));
        }

        Assert.False(Directory.Exists(folder));
    }

    [Fact]
    public void Password_ForHttps_IsBoundToTheServerAndNeverFollowsARedirect()
    {
        using var proof = GitProof.Make(new GitLogin { Password = "token" }, "https://host:8443/team/app.git", "/none");

        Assert.Contains("GIT_CONFIG_KEY_0=http.https://host:8443/.extraHeader", proof.Environment);
        Assert.Contains("GIT_CONFIG_VALUE_0=Authorization: Basic Z2l0OnRva2Vu", proof.Environment);
        Assert.Contains("GIT_CONFIG_KEY_1=http.followRedirects", proof.Environment);
        Assert.Contains("GIT_CONFIG_VALUE_1=false", proof.Environment);
    }
}
