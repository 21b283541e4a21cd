using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;
using Portal.Agent.Hosting;
using Portal.Link.Tests.Portals;
using Portal.Testing;
using Portal.Testing.Agents;
using Portal.Testing.Databases;
using Portal.Testing.Processes;
using Portal.Web;
using Portal.Web.Audit.Chain;

namespace Portal.Link.Tests.Releases;

/// <summary>
/// A portal of an earlier release with a database that it made, an agent of that release with a container, and what people and programs
/// left there. <c>scripts/releases.sh</c> has built both.
/// </summary>
internal sealed class ReleaseWorld : IAsyncDisposable
{
    private static readonly string s_home = System.Environment.GetEnvironmentVariable("PORTAL_TEST_EARLIER_HOME")
        ?? throw new InvalidOperationException("An earlier release is built by: ./portal test releases");

    private readonly TestInstance _folders = new();
    private string _database = "";
    private NpgsqlDataSource? _rows;
    private RealAgent? _agent;

    public KillablePortal Earlier { get; private set; } = null!;

    /// <summary>The one under test, on the same database; not started yet.</summary>
    public KillablePortal Newer { get; private set; } = null!;

    private string Key => Path.Combine(_folders.DataRoot, "earlier", "portal", "secrets.key");

    public ReleaseSession Session { get; private set; } = null!;

    public RealAgent Agent => _agent!;

    public string NodeId { get; private set; } = "";

    /// <summary>A container that counts into a volume, begun by the earlier agent.</summary>
    public string Counting { get; private set; } = "";

    public async Task BeginAsync()
    {
        _database = await (await PostgresCluster.SharedAsync).CreateDatabaseAsync();
        _rows = NpgsqlDataSource.Create(_database);
        Earlier = Portal("earlier", FreePort.Find(), Path.Combine(s_home, "web", "Portal.Web.dll"));
        Newer = Portal("newer", FreePort.Find());
        await Earlier.StartAsync();
        Session = await ReleaseSession.OpenAsync(Earlier.Port);
        var environment = await Session.PostAsync(Earlier.Port, "/environments", new { name = "production", color = "teal" });
        await Session.PostAsync(Earlier.Port, "/teams", new { name = "operators" });
        await Session.PostAsync(Earlier.Port, "/service-accounts", new { name = "pipeline" });
        await JoinAsync((string)environment["id"]!);
    }

    /// <summary>A portal at another's address and with its folder: what is installed in its place.</summary>
    public KillablePortal InPlaceOfEarlier() => Portal("earlier", Earlier.Port);

    /// <summary>Runs this release's agent from the next start on.</summary>
    public void ReplaceAgent() => Agent.Program = Path.Combine(AppContext.BaseDirectory, "Portal.Agent.dll");

    public async Task<bool> IsOnlineAsync(KillablePortal portal) =>
        (string?)(await Session.GetAsync(portal.Port, $"/nodes/{NodeId}"))["presence"] == "online";

    /// <summary>How far the container has counted, as its volume has it.</summary>
    public async Task<int> CountAsync()
    {
        Assert.Equal(0, await Agent.Docker.ExecAsync(Counting, "test -s /data/count"));
        return (await Agent.Docker.LogAsync(Counting)).Split('\n', StringSplitOptions.RemoveEmptyEntries).Length;
    }

    public async Task<object?> ScalarAsync(string sql)
    {
        await using var command = _rows!.CreateCommand(sql);
        return await command.ExecuteScalarAsync();
    }

    /// <summary>Walks the chain of what all portals have written into the audit log, as this release reads it.</summary>
    public async Task<AuditCheckResult> CheckAuditAsync()
    {
        await using var portal = PortalApplication.Create(
            ["--db", _database, "--data", Path.Combine(_folders.DataRoot, "checker"), "--run", _folders.RunRoot, "--PORTAL_KEY_FILE", Key],
            builder => builder.Logging.ClearProviders());
        return await portal.Services.GetRequiredService<AuditChain>().CheckAsync(default);
    }

    public async ValueTask DisposeAsync()
    {
        Session?.Dispose();
        await Disposal.AllAsync([_agent, Newer, Earlier, _rows, _folders]);
        if (_database.Length > 0)
        {
            await (await PostgresCluster.SharedAsync).DropDatabaseAsync(_database);
        }
    }

    private KillablePortal Portal(string name, int port, string? program = null)
    {
        // The earlier one makes the key, and what stands in its place finds it in its folder.
        var key = name == "earlier" ? null : Key;
        var portal = program is null
            ? new KillablePortal(name, _folders.DataRoot, _database, key) { Port = port }
            : new KillablePortal(name, _folders.DataRoot, _database, key) { Port = port, Program = program };
        portal.Environment["PORTAL_ADMIN_PASSWORD"] = ReleaseSession.Password;
        return portal;
    }

    private async Task JoinAsync(string environment)
    {
        var invitation = await Session.PostAsync(Earlier.Port, "/join-tokens", new { environmentId = environment });
        var file = _folders.TempPath("join-token");
        await File.WriteAllTextAsync(file, (string)invitation["text"]!);
        var folders = new TestInstance();
        _agent = new RealAgent(folders, new AgentPaths(folders.DataRoot, folders.RunRoot).InstanceName)
        {
            Program = Path.Combine(s_home, "agent", "Portal.Agent.dll"),
        };
        await Tool.RunAsync(
            "dotnet", _agent.Program, "join", $"http://127.0.0.1:{Earlier.Port}", "--token-file", file,
            "--data", folders.DataRoot, "--run", folders.RunRoot);
        await _agent.StartWithBusyboxAsync();
        NodeId = (string)(await Session.GetAsync(Earlier.Port, "/nodes"))["items"]![0]!["id"]!;
        await Eventually.HoldsAsync(() => IsOnlineAsync(Earlier), "the node is online at the earlier portal");
        Counting = await _agent.Docker.RunAsync(
            "n=0; while :; do n=$((n+1)); echo $n | tee /data/count; sleep 0.2; done",
            new JsonObject { ["Binds"] = new JsonArray("kept:/data"), ["RestartPolicy"] = new JsonObject { ["Name"] = "always" } });
        await Eventually.HoldsAsync(async () => await CountAsync() > 2, "the container counts");
    }
}
