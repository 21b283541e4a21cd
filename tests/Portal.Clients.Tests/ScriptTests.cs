using Portal.Clients.Tests.Hosting;

namespace Portal.Clients.Tests;

/// <summary>Scripts over other people's libraries: each asserts on its own and exits with 0 when all of it holds.</summary>
public sealed class ScriptTests(AgentProcess agent) : IClassFixture<AgentProcess>
{
    [Fact]
    public async Task Python_EveryCall_GivesWhatTheLibraryExpects()
    {
        // Debian's interpreter has Debian's module, whatever other one comes first.
        await agent.RunAsync(new Client("/usr/bin/python3", [Path.Combine(AppContext.BaseDirectory, "python", "engine.py")]));
    }

    [Fact]
    public async Task Dockerode_StreamsAndEvents_Work()
    {
        await NodePackages.RestoreAsync();

        await agent.RunAsync(new Client(NodePackages.Node, ["dockerode.js"]) { Folder = NodePackages.Folder });
    }

    [Fact]
    public async Task Testcontainers_WebServerAndPostgres_AreStartedAndReached()
    {
        await NodePackages.RestoreAsync();
        await PostgresImage.BuildAsync(agent, "portal-test-postgres:1");

        // Its reaper is an image of a public registry, which is out of reach here.
        await agent.RunAsync(new Client(NodePackages.Node, ["testcontainers.js"])
        {
            Folder = NodePackages.Folder,
            Environment = [("TESTCONTAINERS_RYUK_DISABLED", "true"), ("POSTGRES_IMAGE", "portal-test-postgres:1")],
        });
    }
}
