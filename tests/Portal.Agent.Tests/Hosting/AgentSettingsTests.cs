using Microsoft.Extensions.Logging;
using Portal.Agent.Hosting;
using Portal.Engine.Errors;
using Portal.Testing;

namespace Portal.Agent.Tests.Hosting;

public sealed class AgentSettingsTests
{
    [Fact]
    public void Paths_Defaults_AreTheInstanceThatDocumentsName()
    {
        var paths = new AgentPaths(AgentPaths.DefaultData, AgentPaths.DefaultRun);
        Assert.Equal("portal", paths.InstanceName);
        Assert.Equal("/run/portal/docker.sock", paths.DockerSocket);
        Assert.Equal("/var/lib/portal/agent", paths.Identity);
    }

    [Fact]
    public void Paths_OtherFolders_HaveANameOfTheirOwnThatInterfacesCanCarry()
    {
        var first = new AgentPaths("/srv/a", "/run/a").InstanceName;
        var second = new AgentPaths("/srv/b", "/run/b").InstanceName;
        Assert.NotEqual(first, second);
        Assert.Matches("^p[0-9a-f]{6}$", first);
        Assert.Equal(first, new AgentPaths("/srv/a/", "/run/other").InstanceName);
    }

    [Fact]
    public async Task Read_FlagAndFile_FlagWins()
    {
        await using var instance = new TestInstance();
        var file = instance.TempPath("agent.json");
        await File.WriteAllTextAsync(file, """{ "PORTAL_DATA": "/from/file", "PORTAL_RUNTIME": "crun" }""");
        var settings = AgentSettings.Read(AgentFlags.None with { Data = "/from/flag" }, file);

        Assert.Equal("/from/flag", settings.Data);
        Assert.Equal("crun", settings.Runtime);
    }

    [Theory]
    [InlineData("{}", LogLevel.Information)]
    [InlineData("""{ "PORTAL_LOG_LEVEL": "debug" }""", LogLevel.Debug)]
    public async Task Read_LogLevel_IsTheNamedOne(string text, LogLevel level)
    {
        await using var instance = new TestInstance();
        var file = instance.TempPath("agent.json");
        await File.WriteAllTextAsync(file, text);

        Assert.Equal(level, AgentSettings.Read(AgentFlags.None, file).LogLevel);
    }

    [Theory]
    [InlineData("loud")]
    [InlineData("1")]
    public async Task Read_LogLevelThatIsNone_SaysWhatItMayBe(string name)
    {
        await using var instance = new TestInstance();
        var file = instance.TempPath("agent.json");
        await File.WriteAllTextAsync(file, $$"""{ "PORTAL_LOG_LEVEL": "{{name}}" }""");

        var error = Assert.Throws<EngineException>(() => AgentSettings.Read(AgentFlags.None, file));

        Assert.Contains("information", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Read_Registries_AreTakenFromTheirKeys()
    {
        await using var instance = new TestInstance();
        var file = instance.TempPath("agent.json");
        await File.WriteAllTextAsync(
            file,
            """
            {
              "PORTAL_INSECURE_REGISTRIES": "cache:5000, 10.0.0.0/8",
              "PORTAL_REGISTRY_MIRRORS": "https://mirror.example.com, quay.io=http://cache:5000/quay",
              "PORTAL_HTTPS_PROXY": "http://ann:secret@proxy:3128", "PORTAL_NO_PROXY": "example.com"
            }
            """);

        var settings = AgentSettings.Read(AgentFlags.None, file);

        Assert.Equal(["cache:5000", "10.0.0.0/8"], settings.InsecureRegistries);
        Assert.Equal(["/etc/portal/certs.d", "/etc/docker/certs.d"], settings.Registries.CertificateFolders);
        Assert.Equal(
            ["https://mirror.example.com/", "quay.io=http://cache:5000/quay"],
            settings.Registries.Mirrors.Select(mirror => mirror.ToString()));
        Assert.Equal("http://ann:secret@proxy:3128", settings.Registries.Proxy!.Https);
        Assert.Equal("example.com", settings.Registries.Proxy.Except);
    }

    [Theory]
    [InlineData("PORTAL_REGISTRY_MIRRORS", "mirror.example.com")]
    [InlineData("PORTAL_REGISTRY_MIRRORS", "quay.io=ftp://mirror")]
    [InlineData("PORTAL_REGISTRY_MIRRORS", "https://ann:secret@mirror")]
    [InlineData("PORTAL_HTTPS_PROXY", "http://ann:secret@:")]
    public async Task Read_NonsenseAboutRegistries_IsRefusedAtStart(string key, string value)
    {
        await using var instance = new TestInstance();
        var file = instance.TempPath("agent.json");
        await File.WriteAllTextAsync(file, $$"""{ "{{key}}": "{{value}}" }""");

        Assert.Throws<EngineException>(() => AgentSettings.Read(AgentFlags.None, file));
    }

    [Fact]
    public async Task Lock_SecondAgentOnTheSameData_IsKeptOut()
    {
        await using var instance = new TestInstance();
        var path = instance.TempPath("agent/lock");
        using (AgentLock.TryTake(path))
        {
            Assert.Null(AgentLock.TryTake(path));
        }

        using var free = AgentLock.TryTake(path);
        Assert.NotNull(free);
    }
}
