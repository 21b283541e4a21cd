using Portal.Clients.Tests.Hosting;
using Portal.Testing.Registries;
using Portal.Testing.Scripts;

namespace Portal.Clients.Tests;

/// <summary>Every command of the stock docker CLI, with its common flags: what it writes, and its exit status.</summary>
public sealed class CommandTests(AgentProcess agent) : IClassFixture<AgentProcess>
{
    public static TheoryData<string> Scripts => [.. CommandScripts.Names.Where(name => name != "registry")];

    [Theory]
    [MemberData(nameof(Scripts))]
    public async Task Script_OfCommands_GivesWhatDockerGives(string script)
    {
        var differences = await new CommandScripts("portal", agent.Socket, []).RunAsync(script);

        Assert.True(differences.Length == 0, differences);
    }

    [Fact]
    public async Task Script_OfARegistryWithPasswords_GivesWhatDockerGives()
    {
        var passwords = Path.Combine(agent.Folder, "htpasswd");
        await Portal.Testing.Processes.Tool.RunAsync("htpasswd", "-Bbc", passwords, "me", "secret");
        await using var registry = await RegistryFixture.StartAsync($"auth: {{ htpasswd: {{ realm: test, path: {passwords} }} }}");

        var scripts = new CommandScripts("portal", agent.Socket, []);
        var differences = await scripts.RunAsync("registry", new Dictionary<string, string> { ["REGISTRY"] = registry.Host });

        Assert.True(differences.Length == 0, differences);
    }
}
