using Portal.Web.Features.Builds.Begin;

namespace Portal.Web.Tests.Features.Builds;

public sealed class BuildFormTests
{
    [Fact]
    public void ToOptions_OfARepository_JoinsBranchAndFolder()
    {
        var form = Form();
        form.Source = BuildSource.Remote;
        (form.Address, form.Reference, form.Folder) = (" https://host/team/app.git ", "main", "/sub/");
        (form.Names, form.Arguments, form.Target) = ("team/app:1 host:5000/app:2", "A=1\nB=x=y\nEMPTY=", "stage");
        (form.MemoryMebibytes, form.Processors, form.InlineCache) = ("64", "1.5", true);

        Assert.Empty(form.Check(hasUpload: false));
        var options = form.ToOptions();
        Assert.Equal("https://host/team/app.git#main:sub", options.Remote);
        Assert.Equal(["team/app:1", "host:5000/app:2"], options.Names);
        Assert.Equal(("1", "x=y", ""), (options.BuildArgs["A"], options.BuildArgs["B"], options.BuildArgs["EMPTY"]));
        Assert.Equal("1", options.BuildArgs["BUILDKIT_INLINE_CACHE"]);
        Assert.Equal((64L << 20, 1_500_000_000, "stage"), (options.MemoryBytes, options.NanoCpus, options.Target));
        Assert.Equal(("", "team/app:1"), (options.DockerfileText, form.Title));
    }

    [Fact]
    public void Of_TheOptionsOfAForm_IsThatFormAgain()
    {
        var form = Form();
        form.Source = BuildSource.Remote;
        (form.Address, form.Reference, form.Folder) = ("https://host/app.git", "v1", "a/b");
        (form.Labels, form.ExtraHosts, form.CacheFrom, form.NoCache) = ("l=1", "a:10.0.0.1", "x/cache:1", true);
        var options = form.ToOptions();

        Assert.Equal(options, BuildForm.Of(form.NodeId, options, isUpload: false).ToOptions());
    }

    [Theory]
    [InlineData("https://host/app.git", "token", "", "", "")]
    [InlineData("http://127.0.0.1:3000/app.git", "token", "", "", "")]
    [InlineData("http://host/app.git", "token", "", "", "GitToken")]
    [InlineData("git@host:app.git", "token", "", "", "GitToken")]
    [InlineData("https://me:token@host/app.git", "", "", "", "Address")]
    [InlineData("git@host:app.git", "", "key", "host ssh-ed25519 A", "")]
    [InlineData("git@host:app.git", "", "key", " ", "GitKnownHosts")]
    [InlineData("https://host/app.git", "", "key", "host ssh-ed25519 A", "GitKey")]
    public void Check_OfLogins_RefusesThoseThatDoNotFit(string address, string token, string key, string hosts, string wrong)
    {
        var form = Form();
        (form.Source, form.Address) = (BuildSource.Remote, address);
        (form.GitToken, form.GitKey, form.GitKnownHosts) = (token, key, hosts);

        Assert.Equal(wrong.Split(' ', StringSplitOptions.RemoveEmptyEntries), form.Check(hasUpload: false).Keys);
    }

    [Fact]
    public void ToSecrets_OfAForm_AreInNoOption()
    {
        var form = Form();
        (form.Source, form.Address) = (BuildSource.Remote, "https://host/app.git");
        (form.GitUser, form.GitToken, form.Secrets) = (" me ", "hidden ", "id=hidden=1\nother=x");

        var secrets = form.ToSecrets();

        Assert.Equal(("me", "hidden "), (secrets.Git!.User, secrets.Git.Password));
        Assert.Equal("hidden=1", secrets.Values["id"]);
        Assert.DoesNotContain("hidden", form.ToOptions().ToString(), StringComparison.Ordinal);
        form.Source = BuildSource.Editor;
        Assert.Null(form.ToSecrets().Git);
    }

    [Theory]
    [InlineData("", "default")]
    [InlineData(" deploy ", "deploy")]
    public void ToSecrets_SshKey_IsUnderTheIdThatMountsName(string id, string expected)
    {
        var form = Form();
        (form.SshKey, form.SshId) = ("\n-----BEGIN OPENSSH PRIVATE KEY-----\nhidden\n", id);

        Assert.Empty(form.Check(hasUpload: false));
        Assert.Contains("hidden", form.ToSecrets().SshKeys[expected], StringComparison.Ordinal);
        Assert.DoesNotContain("hidden", form.ToOptions().ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ssh-ed25519 AAAA me@host", "", "SshKey")]
    [InlineData("", "a b", "SshId")]
    public void Check_OfSshKeys_RefusesWhatIsNone(string key, string id, string wrong)
    {
        var form = Form();
        (form.SshKey, form.SshId) = (key, id);

        Assert.Equal([wrong], form.Check(hasUpload: false).Keys);
    }

    [Theory]
    [InlineData("FROM a\nFROM host:5000/b:1 AS b\n  from --platform=linux/arm64 ghcr.io/x/y@sha256:0\nFROM $BASE\n", "docker.io host:5000 ghcr.io")]
    [InlineData("RUN echo FROM nowhere.example/x", "")]
    public void RegistryHosts_OfAText_AreThoseOfItsImages(string text, string expected)
    {
        var form = Form();
        form.Text = text;
        Assert.Equal(expected.Split(' ', StringSplitOptions.RemoveEmptyEntries), form.RegistryHosts);
    }

    [Theory]
    [InlineData("/etc/passwd")]
    [InlineData("file:///etc")]
    [InlineData("ext::sh -c x")]
    [InlineData("--upload-pack=x")]
    [InlineData("")]
    public void Check_OfAddressesThatAreNone_Refuses(string address)
    {
        var form = Form();
        (form.Source, form.Address) = (BuildSource.Remote, address);
        Assert.Contains(nameof(form.Address), form.Check(hasUpload: false).Keys);
    }

    [Fact]
    public void Check_OfManyMistakes_TellsAllOfThem()
    {
        var form = new BuildForm
        {
            Source = BuildSource.Upload, Arguments = "no pair", Labels = "=x", MemoryMebibytes = "-1", Processors = "many", Names = "-bad",
        };

        string[] expected = ["NodeId", "Source", "Arguments", "Labels", "MemoryMebibytes", "Processors", "Names"];
        Assert.Equal(expected.Order(), form.Check(hasUpload: false).Keys.Order());
    }

    private static BuildForm Form() => new() { NodeId = Guid.NewGuid() };
}
