using System.Net.Http.Headers;
using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Portal.Agent.Hosting;
using Portal.Data;
using Portal.Data.Entities.Deployments;
using Portal.Data.Entities.Webhooks;
using Portal.Testing;
using Portal.Testing.Agents;
using Portal.Testing.Databases;
using Portal.Testing.Git;
using Portal.Testing.Processes;
using Portal.Web;
using Portal.Web.Access;
using Portal.Web.Features.Deployments;
using Portal.Web.Features.Stacks;
using Portal.Web.Features.Stacks.Sources;
using Portal.Web.Features.Webhooks;
using Portal.Web.Features.Webhooks.Matching;
using Portal.Web.Nodes;
using Portal.Web.Nodes.Joining;
using Portal.Web.Tests.Features.Stacks.Git;
using Portal.Web.Tests.Features.Webhooks;

namespace Portal.Link.Tests.Deployments;

/// <summary>
/// All that stands between a push and containers, and none of it a fake: Git's server over TLS with bare repositories, the whole portal,
/// and an agent with its engine that has joined it.
/// </summary>
public sealed class DeliveryWorld : IAsyncLifetime
{
    private readonly TestInstance _portalFolders = new();
    private readonly GitWorld _git = new();
    private readonly HttpClient _sender = new();
    private PortalApplication? _portal;
    private RealAgent? _agent;
    private string _database = "";

    /// <summary>The node's engine, by its own socket.</summary>
    public DockerClient Docker => _agent!.Docker;

    public RealAgent Agent => _agent!;

    public Guid NodeId { get; private set; }

    internal ClaimsPrincipal Admin { get; private set; } = new();

    internal IServiceProvider Services => _portal!.Services;

    public Task InitializeAsync() => Disposal.UnlessBegunAsync(BeginAsync, DisposeAsync);

    public async Task DisposeAsync()
    {
        _sender.Dispose();
        await Disposal.AllAsync(_agent, _portal, _portalFolders);
        if (_database.Length > 0)
        {
            await _git.DisposeAsync();
            await (await PostgresCluster.SharedAsync).DropDatabaseAsync(_database);
            _database = "";
        }
    }

    /// <summary>Puts bytes of any kind into what the next commit of a repository has.</summary>
    public async Task WriteAsync(string repository, string path, byte[] content)
    {
        if (!Directory.Exists(_git.FolderOf(repository)))
        {
            await _git.CommitAsync(repository);
        }

        var file = Path.Combine(_git.FolderOf(repository), path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        await File.WriteAllBytesAsync(file, content);
    }

    /// <summary>The node's host loses its power and comes back.</summary>
    public async Task CutPowerAsync()
    {
        await Agent.KillAsync();
        await Agent.Instance.RebootAsync();
        await Agent.StartAsync();
    }

    /// <summary>A further commit, in the repository that the server serves.</summary>
    /// <returns>The commit.</returns>
    public async Task<string> PushAsync(string repository, params (string Path, string Text)[] files)
    {
        var bare = BareOf(repository);
        if (!Directory.Exists(bare))
        {
            await Tool.RunAsync("git", "init", "--quiet", "--bare", "--initial-branch=main", bare);
        }

        var commit = await _git.CommitAsync(repository, files);
        await _git.RunAsync(repository, "push", "--quiet", bare, "main");
        return commit;
    }

    /// <summary>A stack whose files come from a repository, with a webhook of GitHub's; nothing of it runs yet.</summary>
    internal async Task<(Guid Stack, HookMade Hook)> FollowAsync(string repository)
    {
        var draft = new StackDraft(null, NodeId, repository, 0, "services: {web: {image: none}}", "", "");
        var stack = await Services.GetRequiredService<StackDirectory>().SaveAsync(Admin, draft, default);
        var source = new StackSourceInput
        {
            Address = $"{_git.Server.Address}/{repository}.git",
            Reference = "main",
            UserName = GitServer.User,
            Secret = GitServer.Password,
            Certificates = _git.Certificates,
        };
        await Services.GetRequiredService<StackSourceDirectory>().SaveAsync(Admin, stack, source, default);
        var hook = new HookDraft(stack, repository, HookProvider.GitHub, new HookFilters { Branches = ["main"] });
        return (stack, await Services.GetRequiredService<HookDirectory>().CreateAsync(Admin, hook, default));
    }

    /// <summary>Tells of a push as GitHub does.</summary>
    /// <returns>The delivery, once the portal has done with it.</returns>
    internal async Task<WebhookDelivery> TellAsync(HookMade hook, string commit)
    {
        var body = HookPayloads.GitHubPush.Replace(HookPayloads.Commit, commit, StringComparison.Ordinal);
        var bytes = Encoding.UTF8.GetBytes(body);
        var id = $"{Guid.NewGuid()}";
        using var message = new HttpRequestMessage(HttpMethod.Post, new Uri(_portal!.Address, $"/hooks/{hook.Id}"))
        {
            Content = new ByteArrayContent(bytes) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } },
        };
        message.Headers.Add("X-GitHub-Event", "push");
        message.Headers.Add("X-GitHub-Delivery", id);
        message.Headers.Add(
            "X-Hub-Signature-256",
            "sha256=" + Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(hook.Secret), bytes)));
        using var answer = await _sender.SendAsync(message);
        Assert.Equal(System.Net.HttpStatusCode.Accepted, answer.StatusCode);
        WebhookDelivery? delivery = null;
        await Eventually.HoldsAsync(
            async () =>
            {
                await using var database = await OpenAsync();
                delivery = await database.WebhookDeliveries.AsNoTracking().SingleAsync(
                    row => row.WebhookId == hook.Id && row.SenderKey!.EndsWith(id));
                return delivery.FinishedAt is not null;
            },
            "the delivery is worked on");
        return delivery!;
    }

    /// <summary>A deployment, once it has ended.</summary>
    internal async Task<Deployment> EndOfAsync(Guid deployment)
    {
        Deployment? row = null;
        await Eventually.HoldsAsync(
            async () =>
            {
                await using var database = await OpenAsync();
                row = await database.Deployments.AsNoTracking().SingleAsync(one => one.Id == deployment);
                return row.FinishedAt is not null;
            },
            "the deployment has ended");
        return row!;
    }

    /// <summary>Queues a deployment of the newest revision in the administrator's name, and waits for its end.</summary>
    internal async Task<Deployment> DeployAsync(Guid stack, DeploymentOperation operation = DeploymentOperation.Deploy)
    {
        var request = new DeploymentRequest(stack, operation, null, "for a test");
        return await EndOfAsync(await Services.GetRequiredService<DeploymentCommands>().OrderAsync(Admin, request, default));
    }

    /// <summary>The one running container of a service.</summary>
    internal async Task<string> FindAsync(string project, string service)
    {
        var filters = $$"""{"label":["com.docker.compose.project={{project}}","com.docker.compose.service={{service}}"]}""";
        var found = (await Docker.GetAsync($"containers/json?filters={Uri.EscapeDataString(filters)}")).AsArray();
        return (string)Assert.Single(found)!["Id"]!;
    }

    internal Task<PortalDbContext> OpenAsync() =>
        Services.GetRequiredService<IDbContextFactory<PortalDbContext>>().CreateDbContextAsync();

    private string BareOf(string repository) => Path.Combine(_git.Folder, "repositories", $"{repository}.git");

    private async Task BeginAsync()
    {
        await _git.InitializeAsync();
        _database = await (await PostgresCluster.SharedAsync).CreateDatabaseAsync();
        _portal = PortalApplication.Create(
            [
                "--http", "127.0.0.1:0", "--db", _database, "--data", _portalFolders.DataRoot, "--run", _portalFolders.RunRoot,
                "--PORTAL_ADMIN_PASSWORD", "correct-horse-battery", "--PORTAL_OUTGOING_INSIDE", "127.0.0.0/8",
            ],
            builder =>
            {
                builder.Logging.ClearProviders();
                builder.Services.RemoveAll<DeploymentOptions>();
                builder.Services.AddSingleton(new DeploymentOptions
                {
                    Watch = TimeSpan.FromSeconds(2), Look = TimeSpan.FromMilliseconds(50),
                });
            });
        await _portal.StartAsync(default);
        await using (var database = await OpenAsync())
        {
            var admin = await database.Users.SingleAsync(user => user.UserName == "admin");
            Admin = new ClaimsPrincipal(new ClaimsIdentity(
                [new Claim(ClaimTypes.NameIdentifier, $"{admin.Id}"), new Claim(ClaimTypes.Name, "admin")], "test"));
        }

        var folders = new TestInstance();
        _agent = new RealAgent(folders, new AgentPaths(folders.DataRoot, folders.RunRoot).InstanceName);
        await Eventually.HoldsAsync(() => JoinAsync(folders), "the agent has joined");
        await _agent.StartWithBusyboxAsync();
        await OnlineAsync();
        NodeId = Services.GetRequiredService<IFleet>().Current.Nodes.Values.Single(node => node.Presence == NodePresence.Online).Id;
    }

    // On a busy host the first answer of a portal that has just started takes longer than a person who joins a host would wait.
    private async Task<bool> JoinAsync(TestInstance folders)
    {
        var token = await Services.GetRequiredService<IJoinTokens>().CreateAsync(
            new NewJoinToken(), new Actor(Guid.NewGuid(), "admin", "127.0.0.1"), default);
        var file = folders.TempPath("join-token");
        await File.WriteAllTextAsync(file, token.Text);
        var joined = await Tool.TryRunAsync(
            "dotnet", Path.Combine(AppContext.BaseDirectory, "Portal.Agent.dll"), "join", $"{_portal!.Address}", "--token-file", file,
            "--data", folders.DataRoot, "--run", folders.RunRoot);
        return joined.ExitCode == 0;
    }

    /// <summary>Waits until the node is online.</summary>
    internal Task OnlineAsync() => Eventually.HoldsAsync(
        () => Services.GetRequiredService<IFleet>().Current.Nodes.Values.Any(node => node.Presence == NodePresence.Online),
        "the node is online");
}
