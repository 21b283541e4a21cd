using Portal.Testing.Images;
using Portal.Testing.Processes;
using Portal.Testing.Registries;

namespace Portal.Engine.Api.Tests.Cli;

[Collection(EngineCollection.Name)]
public sealed class ImageTests(EngineFixture engine)
{
    private DockerCli Docker => engine.Docker;

    [Fact]
    public async Task Load_DockerArchive_CanBeRunTaggedAndRemoved()
    {
        var archive = await BusyboxImages.WriteDockerArchiveAsync(engine.Instance.TempPath("docker.tar"), "loaded/box:1");

        Assert.Equal("Loaded image: loaded/box:1", await Docker.GetAsync("load", "--input", archive));
        Assert.Equal("hello", await Docker.GetAsync("run", "--rm", "loaded/box:1", "echo", "hello"));
        await Docker.GetAsync("tag", "loaded/box:1", "localhost:5000/other/box:2");
        Assert.Equal(
            "localhost:5000/other/box:2",
            await Docker.GetAsync("images", "--filter", "reference=localhost:5000/other/*", "--format", "{{.Repository}}:{{.Tag}}"));
        Assert.Contains("layer 0", await Docker.GetAsync("history", "--no-trunc", "localhost:5000/other/box:2"));
        Assert.Equal("Untagged: localhost:5000/other/box:2", await Docker.GetAsync("rmi", "localhost:5000/other/box:2"));
        Assert.Contains("Untagged: loaded/box:1", await Docker.GetAsync("rmi", "loaded/box:1"));
        Assert.Equal("", await Docker.GetAsync("images", "--quiet", "loaded/box"));
    }

    [Fact]
    public async Task Load_Nonsense_IsRefused()
    {
        var file = engine.Instance.TempPath("nonsense.tar");
        await File.WriteAllTextAsync(file, new string('x', 10_000));

        var result = await Docker.RunAsync("load", "--input", file);

        Assert.Equal(1, result.ExitCode);
        Assert.NotEqual("", result.Error);
    }

    [Fact]
    public async Task Pull_FromARegistry_ShowsProgressAndRuns()
    {
        await using var registry = await RegistryFixture.StartAsync();
        var builder = (await BusyboxImages.CreateAsync()).AddFile("etc/pulled", "from the registry\n");
        await Skopeo.ExportAsync(builder, $"docker://{registry.Host}/a/box:1");
        var name = $"{registry.Host}/a/box:1";

        var pulled = await Docker.GetAsync("pull", name);
        var again = await Docker.GetAsync("pull", name);

        Assert.Contains("1: Pulling from a/box\n", pulled);
        Assert.Matches("Digest: sha256:[0-9a-f]{64}", pulled);
        Assert.Contains($"Status: Downloaded newer image for {name}", pulled);
        Assert.Contains($"Status: Image is up to date for {name}", again);
        Assert.Equal("from the registry", await Docker.GetAsync("run", "--rm", name, "cat", "/etc/pulled"));
        Assert.Equal("1", await Docker.GetAsync("images", "--filter", $"reference={registry.Host}/a/box", "--format", "{{.Tag}}"));
        await Docker.GetAsync("rmi", name);
    }

    [Fact]
    public async Task Pull_UnknownImage_FailsClearly()
    {
        await using var registry = await RegistryFixture.StartAsync();

        var result = await Docker.RunAsync("pull", $"{registry.Host}/no/such:image");

        Assert.Equal(1, result.ExitCode);
        Assert.Contains("no/such", result.Error);
    }

    [Fact]
    public async Task Remove_UsedImage_IsRefused()
    {
        var archive = await BusyboxImages.WriteDockerArchiveAsync(engine.Instance.TempPath("used.tar"), "used:1");
        await Docker.GetAsync("load", "--input", archive);
        await Docker.GetAsync("create", "--name", "user-of-used", "used:1");

        var result = await Docker.RunAsync("rmi", await Docker.GetAsync("images", "--quiet", "used:1"));

        Assert.Equal(1, result.ExitCode);
        Assert.Contains("conflict: unable to delete", result.Error);
        Assert.Contains("(must be forced) - image is being used by stopped container", result.Error);
        await Docker.GetAsync("rm", "user-of-used");
        await Docker.RunAsync("rmi", "--force", "used:1");
    }

    [Fact]
    public async Task Save_TwoNames_LoadsAgainWithTheSameId()
    {
        await Docker.GetAsync("tag", "busybox", "saved/box:1");
        await Docker.GetAsync("tag", "busybox", "saved/box:2");
        var id = await Docker.GetAsync("images", "--quiet", "--no-trunc", "saved/box:1");
        var archive = engine.Instance.TempPath("saved.tar");

        await Docker.GetAsync("save", "--output", archive, "saved/box:1", "saved/box:2");
        await Docker.GetAsync("rmi", "saved/box:1", "saved/box:2");
        var loaded = await Docker.GetAsync("load", "--input", archive);

        Assert.Contains("Loaded image: saved/box:1", loaded);
        Assert.Contains("Loaded image: saved/box:2", loaded);
        Assert.Equal(id, await Docker.GetAsync("images", "--quiet", "--no-trunc", "saved/box:2"));
        var missing = await Docker.RunAsync("save", "--output", archive, "no/such:image");
        Assert.Equal(1, missing.ExitCode);
        Assert.Contains("no/such:image", missing.Error);
        await Docker.GetAsync("rmi", "saved/box:1", "saved/box:2");
    }

    [Fact]
    public async Task Push_ToAPrivateRegistry_NeedsALogin()
    {
        var file = engine.Instance.TempPath("htpasswd");
        await File.WriteAllTextAsync(file, await Tool.RunAsync("htpasswd", "-Bbn", "ada", "s3cret"));
        await using var registry = await RegistryFixture.StartAsync($"auth:\n  htpasswd: {{ realm: test, path: {file} }}");
        var name = $"{registry.Host}/a/box:1";
        await Docker.GetAsync("tag", "busybox", name);

        var refused = await Docker.RunAsync("push", name);
        var wrong = await Docker.RunWithInputAsync("guess", "login", "--username", "ada", "--password-stdin", registry.Host);
        var login = await Docker.RunWithInputAsync("s3cret", "login", "--username", "ada", "--password-stdin", registry.Host);
        var pushed = await Docker.GetAsync("push", name);
        await Docker.GetAsync("rmi", name);
        var pulled = await Docker.GetAsync("pull", name);
        await Docker.GetAsync("logout", registry.Host);
        var after = await Docker.RunAsync("pull", name);

        Assert.Equal((1, 1), (refused.ExitCode, wrong.ExitCode));
        Assert.Contains("Login Succeeded", login.Output);
        Assert.Contains($"The push refers to repository [{registry.Host}/a/box]", pushed);
        Assert.Matches("1: digest: sha256:[0-9a-f]{64} size: [0-9]+", pushed);
        Assert.Contains($"Status: Downloaded newer image for {name}", pulled);
        Assert.Equal(1, after.ExitCode);
        await Docker.GetAsync("rmi", name);
    }

    [Fact]
    public async Task Import_FileSystem_RunsWithItsChanges()
    {
        var image = await BusyboxImages.CreateAsync();
        var archive = engine.Instance.TempPath("root.tar");
        await File.WriteAllBytesAsync(archive, image.Layers[0]);

        var id = await Docker.GetAsync(
            "import", "--change", "ENV GREETING=\"hi there\"", "--change", "CMD echo $GREETING", "--message", "by hand", archive, "imported:1");

        Assert.Matches("^sha256:[0-9a-f]{64}$", id);
        Assert.Equal("hi there", await Docker.GetAsync("run", "--rm", "imported:1"));
        Assert.Contains("by hand", await Docker.GetAsync("history", "imported:1"));
        await Docker.GetAsync("rmi", "imported:1");
    }
}
