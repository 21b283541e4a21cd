using System.Net.Http.Headers;
using System.Security.Claims;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;
using Portal.Agent.Hosting;
using Portal.Data;
using Portal.Testing;
using Portal.Testing.Agents;
using Portal.Testing.Databases;
using Portal.Testing.Processes;
using Portal.Web;
using Portal.Web.Access;
using Portal.Web.Features.Stacks;
using Portal.Web.Features.Tokens;
using Portal.Web.Features.Webhooks;
using Portal.Web.Features.Webhooks.Matching;
using Portal.Web.Nodes.Joining;

namespace Portal.Link.Tests.Portals;

/// <summary>
/// Two portals in processes of their own on one PostgreSQL, Debian's nginx before them by the sample of <c>deploy/proxies</c>, and an agent
/// with its engine that knows nginx alone.
/// </summary>
public sealed class TwoPortalsWorld : IAsyncDisposable
{
    private readonly TestInstance _folders = new();
    private RealAgent? _agent;
    private ProxyFront? _front;
    private string _database = "";
    private NpgsqlDataSource? _rows;

    internal KillablePortal[] Portals { get; private set; } = [];

    /// <summary>A program with a token of the administrator's, by way of nginx.</summary>
    public HttpClient Api { get; private set; } = new();

    /// <summary>A program that has only a webhook's secret.</summary>
    public HttpClient Sender { get; private set; } = new();

    public Guid NodeId { get; private set; }

    public Guid StackId { get; private set; }

    internal HookMade Hook { get; private set; } = null!;

    public DockerClient Docker => _agent!.Docker;

    public async Task BeginAsync()
    {
        _database = await (await PostgresCluster.SharedAsync).CreateDatabaseAsync();
        _rows = NpgsqlDataSource.Create(_database);
        var certificates = Directory.CreateDirectory(_folders.TempPath("certificates")).FullName;
        ProxyFront.MakeCertificate(certificates);
        var key = _folders.TempPath("secrets.key");
        Portals = [.. new[] { "one", "two" }.Select(name => new KillablePortal(name, _folders.DataRoot, _database, key)
        {
            Environment =
            {
                ["PORTAL_PROXIES"] = "127.0.0.1",
                ["PORTAL_TLS_CERT"] = Path.Combine(certificates, "proxy.crt"),
                ["PORTAL_ADMIN_PASSWORD"] = "correct-horse-battery",
            },
        })];
        _front = await ProxyFront.StartAsync("nginx.conf", certificates, [.. Portals.Select(portal => portal.Port)]);
        (Api, Sender) = (Client(), Client());
        var joinToken = "";
        await AtAnotherAsync(async (services, admin) => joinToken = await MakeTokensAsync(services, admin));
        File.Copy(Path.Combine(_folders.DataRoot, "first", "portal", "secrets.key"), key);
        await Task.WhenAll(Portals.Select(portal => portal.StartAsync()));
        await JoinAsync(joinToken);
    }

    /// <summary>Whether a portal says that the node is online, asked without nginx.</summary>
    internal async Task<bool> IsOnlineAtAsync(KillablePortal portal)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri($"http://127.0.0.1:{portal.Port}/api/v1/nodes/{NodeId}"));
        request.Headers.Authorization = Api.DefaultRequestHeaders.Authorization;
        try
        {
            using var answer = await Sender.SendAsync(request);
            return (await answer.Content.ReadAsStringAsync()).Contains("\"online\"", StringComparison.OrdinalIgnoreCase);
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    /// <summary>One column of rows of the database.</summary>
    public async Task<List<string>> ReadAsync(string sql)
    {
        await using var command = _rows!.CreateCommand(sql);
        await using var reader = await command.ExecuteReaderAsync();
        var values = new List<string>();
        while (await reader.ReadAsync())
        {
            values.Add(reader.GetValue(0).ToString()!);
        }

        return values;
    }

    public async ValueTask DisposeAsync()
    {
        Api.Dispose();
        Sender.Dispose();
        await Disposal.AllAsync([_agent, _front, .. Portals, _rows, _folders]);
        if (_database.Length > 0)
        {
            await (await PostgresCluster.SharedAsync).DropDatabaseAsync(_database);
        }
    }

    /// <summary>What a person does, at a portal that is gone afterwards.</summary>
    private async Task AtAnotherAsync(Func<IServiceProvider, ClaimsPrincipal, Task> work)
    {
        await using var portal = PortalApplication.Create(
            [
                "--http", "127.0.0.1:0", "--db", _database, "--data", Path.Combine(_folders.DataRoot, "first"), "--run", _folders.RunRoot,
                "--PORTAL_ADMIN_PASSWORD", "correct-horse-battery", "--PORTAL_TLS_CERT", _front!.CertificateFile,
            ],
            builder => builder.Logging.ClearProviders());
        await portal.StartAsync(default);
        await using (var scope = portal.Services.CreateAsyncScope())
        {
            var contexts = scope.ServiceProvider.GetRequiredService<IDbContextFactory<PortalDbContext>>();
            await using var database = await contexts.CreateDbContextAsync();
            var admin = await database.Users.SingleAsync(user => user.UserName == "admin");
            await work(scope.ServiceProvider, new ClaimsPrincipal(new ClaimsIdentity(
                [new Claim(ClaimTypes.NameIdentifier, $"{admin.Id}"), new Claim(ClaimTypes.Name, "admin")], "test")));
        }

        await portal.StopAsync(default);
    }

    private async Task<string> MakeTokensAsync(IServiceProvider services, ClaimsPrincipal admin)
    {
        var token = await services.GetRequiredService<TokenDirectory>().CreateAsync(admin, new TokenInput { Name = "load" }, default);
        Api.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token.Text);
        var joining = await services.GetRequiredService<IJoinTokens>().CreateAsync(
            new NewJoinToken(), new Actor(Guid.NewGuid(), "admin", "127.0.0.1"), default);
        return joining.Text;
    }

    private async Task MakeStacksAsync(IServiceProvider services, ClaimsPrincipal admin)
    {
        var stacks = services.GetRequiredService<StackDirectory>();
        const string Web = "services: {web: {image: 'busybox:latest', command: [sleep, '3600'], stop_grace_period: 0s}}";
        StackId = await stacks.SaveAsync(admin, new StackDraft(null, NodeId, "web", 0, Web, "", ""), default);

        // Nothing can be pulled for it: what counts is that each delivery is worked on, not what comes of it.
        const string None = "services: {none: {image: '127.0.0.1:1/none'}}";
        var called = await stacks.SaveAsync(admin, new StackDraft(null, NodeId, "called", 0, None, "", ""), default);
        Hook = await services.GetRequiredService<HookDirectory>().CreateAsync(
            admin, new HookDraft(called, "called", HookProvider.Generic, new HookFilters()), default);
    }

    private async Task JoinAsync(string token)
    {
        var folders = new TestInstance();
        _agent = new RealAgent(folders, new AgentPaths(folders.DataRoot, folders.RunRoot).InstanceName);
        var file = folders.TempPath("join-token");
        await File.WriteAllTextAsync(file, token);
        await Tool.RunAsync(
            "dotnet", Path.Combine(AppContext.BaseDirectory, "Portal.Agent.dll"), "join", $"{_front!.Url}", "--token-file", file,
            "--data", folders.DataRoot, "--run", folders.RunRoot);
        await _agent.StartWithBusyboxAsync();
        NodeId = Guid.Parse((await ReadAsync("select id from nodes")).Single());
        await AtAnotherAsync(MakeStacksAsync);
        foreach (var portal in Portals)
        {
            await Eventually.HoldsAsync(() => IsOnlineAtAsync(portal), $"the node is online at portal '{portal.Name}'");
        }
    }

    private HttpClient Client() => new(new SocketsHttpHandler
    {
        SslOptions = { RemoteCertificateValidationCallback = (_, _, _, _) => true },
        PooledConnectionLifetime = TimeSpan.FromSeconds(2),
    })
    {
        BaseAddress = _front!.Url,
        Timeout = TestSettings.Within(TimeSpan.FromSeconds(10)),
    };
}
