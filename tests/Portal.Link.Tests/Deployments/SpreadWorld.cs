using System.Security.Claims;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Portal.Compose.Placing;
using Portal.Data;
using Portal.Data.Entities.Access;
using Portal.Data.Entities.Deployments;
using Portal.Link.Tests.Environment;
using Portal.Testing;
using Portal.Testing.Databases;
using Portal.Testing.Images;
using Portal.Web;
using Portal.Web.Access;
using Portal.Web.Features.Deployments;
using Portal.Web.Features.Stacks;
using Portal.Web.Nodes;
using Portal.Web.Nodes.Joining;

namespace Portal.Link.Tests.Deployments;

/// <summary>
/// The whole portal, and three hosts at one switch, each a network namespace with the agent as it is installed and an engine of its own.
/// None of it is a fake; nodes are lost after seconds instead of minutes.
/// </summary>
public sealed class SpreadWorld : IAsyncLifetime
{
    private const int Hosts = 3;

    // An agent that starts anew is away for some seconds, and longer where the machine is slow.
    private static readonly TimeSpan s_lostAfter = TestSettings.Within(TimeSpan.FromSeconds(10));
    private readonly TestInstance _folders = new();
    private readonly Switch _switch = new();
    private readonly List<OverlayHost> _hosts = [];
    private PortalApplication? _portal;
    private ClaimsPrincipal _admin = new();
    private Guid _environment;
    private string _database = "";

    /// <summary>How long something may take that begins when a node is lost.</summary>
    internal static TimeSpan AfterLoss => TimeSpan.FromSeconds(10 + 60);

    internal IServiceProvider Services => _portal!.Services;

    internal ClaimsPrincipal Admin => _admin;

    internal IReadOnlyList<AgentProcess> Agents => [.. _hosts.Select(host => host.Agent)];

    private IFleet Fleet => Services.GetRequiredService<IFleet>();

    public Task InitializeAsync() => Disposal.UnlessBegunAsync(BeginAsync, DisposeAsync);

    public async Task DisposeAsync()
    {
        await Disposal.AllAsync([.. _hosts, _portal, _switch, _folders]);
        if (_database.Length > 0)
        {
            await (await PostgresCluster.SharedAsync).DropDatabaseAsync(_database);
            _database = "";
        }
    }

    /// <summary>A stack over all three nodes; nothing of it runs yet.</summary>
    internal Task<Guid> MakeAsync(string name, string file) => SaveAsync(null, name, file, 0);

    /// <summary>A further revision of one.</summary>
    internal Task<Guid> ReviseAsync(Guid stack, string name, string file, int basis) => SaveAsync(stack, name, file, basis);

    /// <summary>Queues something in the administrator's name, and waits until it is over or paused.</summary>
    internal async Task<Deployment> DoAsync(Guid stack, DeploymentOperation operation = DeploymentOperation.Deploy)
    {
        var request = new DeploymentRequest(stack, operation, null, "for a test");
        return await RestOfAsync(await Services.GetRequiredService<DeploymentCommands>().OrderAsync(_admin, request, default));
    }

    /// <summary>A deployment, once it is over or paused.</summary>
    internal async Task<Deployment> RestOfAsync(Guid id)
    {
        Deployment? row = null;
        await Soon.TrueAsync(
            () =>
            {
                using var database = Open();
                row = database.Deployments.AsNoTracking().Single(one => one.Id == id);
                return row.FinishedAt is not null || row.State == nameof(DeploymentState.Paused);
            },
            "the deployment is over or paused",
            TimeSpan.FromMinutes(2));
        return row!;
    }

    /// <summary>What the portal did by itself with a stack, oldest first: what for, and how it ended.</summary>
    internal IReadOnlyList<string> OwnDeeds(Guid stack)
    {
        using var database = Open();
        return [.. database.Deployments.AsNoTracking().Where(row => row.StackId == stack && row.Cause == "Placement").OrderBy(row => row.Id)
            .AsEnumerable().Select(row => $"{row.Operation} {row.State}: {row.CauseText}")];
    }

    /// <summary>How many replicas of a service are to be on a node.</summary>
    internal int PlacedOn(Guid stack, int host)
    {
        using var database = Open();
        var placement = StackPlacement.FromJson(database.Stacks.AsNoTracking().Single(row => row.Id == stack).Placement);
        return placement.Replicas.Count(replica => replica.Node == _hosts[host].NodeId);
    }

    internal Task SetDutyAsync(int host, NodeDuty duty) =>
        Services.GetRequiredService<INodeRegistry>().SetDutyAsync(_hosts[host].NodeId, duty, "", Actor.Portal, default);

    internal Task OnlineAsync(int host) => Soon.TrueAsync(
        () => Fleet.Current.Nodes[_hosts[host].NodeId].Presence == NodePresence.Online, "the node is online", TimeSpan.FromSeconds(60));

    /// <summary>Running replicas of a project on a host by their numbers, as its engine has them.</summary>
    internal async Task<IReadOnlyList<int>> NumbersOnAsync(int host, string project)
    {
        var listed = await Agents[host].TryDockerAsync(
            "ps", "--filter", $"label=com.docker.compose.project={project}", "--format",
            "{{.Label \"com.docker.compose.container-number\"}}");
        return [.. listed.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(int.Parse).Order()];
    }

    /// <summary>The same of several hosts: <c>0:1,3 2:2</c>.</summary>
    internal async Task<string> PictureAsync(string project, params int[] hosts)
    {
        var parts = await Task.WhenAll(hosts.Select(async host => $"{host}:{string.Join(',', await NumbersOnAsync(host, project))}"));
        return string.Join(' ', parts);
    }

    /// <summary>All numbers that run on some hosts, one entry for each that runs.</summary>
    internal async Task<int[]> RunningAsync(string project, params int[] hosts) =>
        [.. (await Task.WhenAll(hosts.Select(host => NumbersOnAsync(host, project)))).SelectMany(numbers => numbers).Order()];

    internal PortalDbContext Open() => Services.GetRequiredService<IDbContextFactory<PortalDbContext>>().CreateDbContext();

    private async Task<string> MakeTokenAsync() => (await Services.GetRequiredService<IJoinTokens>().CreateAsync(
        new NewJoinToken { EnvironmentId = _environment }, new Actor(Guid.NewGuid(), "admin", "127.0.0.1"), default)).Text;

    private async Task<Guid> SaveAsync(Guid? stack, string name, string file, int basis) =>
        await Services.GetRequiredService<StackDirectory>().SaveAsync(
            _admin, new StackDraft(stack, Guid.Empty, name, basis, file, "", "") { EnvironmentId = _environment }, default);

    private async Task BeginAsync()
    {
        await _switch.LayAsync();
        _database = await (await PostgresCluster.SharedAsync).CreateDatabaseAsync();
        var origin = $"{_switch.PortalAddress}:{FreePort.Find()}";
        _portal = PortalApplication.Create(
            [
                "--http", "127.0.0.1:0", "--https", origin, "--db", _database, "--data", _folders.DataRoot, "--run", _folders.RunRoot,
                "--PORTAL_ADMIN_PASSWORD", "correct-horse-battery",
            ],
            builder =>
            {
                builder.Logging.ClearProviders();
                builder.Services.RemoveAll<DeploymentOptions>();
                builder.Services.AddSingleton(new DeploymentOptions
                {
                    Watch = TimeSpan.FromSeconds(2), Look = TimeSpan.FromMilliseconds(100), LostAfter = s_lostAfter,
                });
            });
        await _portal.StartAsync(default);
        await using (var database = Open())
        {
            var environment = new NodeEnvironment { Id = Guid.CreateVersion7(), Name = "spread", Color = "blue" };
            database.Environments.Add(environment);
            await database.SaveChangesAsync();
            _environment = environment.Id;
            var admin = await database.Users.SingleAsync(user => user.UserName == "admin");
            _admin = new ClaimsPrincipal(new ClaimsIdentity(
                [new Claim(ClaimTypes.NameIdentifier, $"{admin.Id}"), new Claim(ClaimTypes.Name, "admin")], "test"));
        }

        var image = await BusyboxImages.WriteDockerArchiveAsync(_folders.TempPath("busybox.tar"));
        for (var number = 0; number < Hosts; number++)
        {
            var host = new OverlayHost(_switch, number);
            _hosts.Add(host);
            await host.JoinAsync(Fleet, new Uri($"https://{origin}"), MakeTokenAsync);
        }

        for (var number = 0; number < Hosts; number++)
        {
            await OnlineAsync(number);
            await Agents[number].DockerAsync("load", "--quiet", "--input", image);
        }
    }
}
