using System.Net.Http.Headers;
using System.Security.Claims;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Portal.Data;
using Portal.Data.Entities.Webhooks;
using Portal.Testing;
using Portal.Web.Access;
using Portal.Web.Features.Deployments;
using Portal.Web.Features.Stacks;
using Portal.Web.Features.Stacks.Sources;
using Portal.Web.Features.Webhooks;
using Portal.Web.Features.Webhooks.Matching;
using Portal.Web.Features.Webhooks.Receiving;
using Portal.Web.Features.Webhooks.Work;
using Portal.Web.Tests.Support;

namespace Portal.Web.Tests.Features.Webhooks;

/// <summary>The whole portal but for what deliveries cause, which is only written down.</summary>
public sealed class HookPortal : IAsyncLifetime
{
    private int _number;

    public HookPortal() => Portal = new TestPortal { Overrides = Override };

    /// <summary>Takes deliveries, and works on none.</summary>
    public TestPortal Portal { get; }

    internal FakeDeployments Deployments { get; } = new();

    internal FakeStackSources Sources { get; } = new();

    internal PortalApplication Application { get; private set; } = null!;

    internal ClaimsPrincipal Deployer { get; private set; } = new();

    public Guid NodeId { get; private set; }

    internal HookDirectory Directory => Application.Services.GetRequiredService<HookDirectory>();

    public async Task InitializeAsync()
    {
        await Portal.InitializeAsync();
        Application = CreatePortal();
        await Application.StartAsync(default);
        NodeId = await Portal.AddNodeAsync("hook-node");
        Deployer = await PersonAsync("hook-deployer", BuiltInRoles.Deployer);
    }

    public async Task DisposeAsync()
    {
        await Application.StopAsync(default);
        await Application.DisposeAsync();
        await Portal.DisposeAsync();
    }

    /// <summary>Ends the portal, if it runs, and starts another in its place.</summary>
    internal async Task RestartAsync()
    {
        await Application.DisposeAsync();
        Application = CreatePortal();
        await Application.StartAsync(default);
    }

    /// <summary>A further portal on the same database, which works; it is the caller's to start and end.</summary>
    internal PortalApplication CreatePortal() => Portal.Create([], builder => builder.Services.AddHostedService<HookWorker>());

    internal async Task<ClaimsPrincipal> PersonAsync(string name, string role, Guid? nodeId = null) => new(new ClaimsIdentity(
        [
            new Claim(ClaimTypes.NameIdentifier, (await Portal.AddPersonAsync(name, role, nodeId)).ToString()),
            new Claim(ClaimTypes.Name, name),
        ],
        "test"));

    internal async Task<Guid> AddStackAsync(string image = "octo/shop:stable")
    {
        var name = $"stack-{Interlocked.Increment(ref _number)}";
        var draft = new StackDraft(null, NodeId, name, 0, $"services: {{web: {{image: '{image}'}}}}\n", "", "");
        return await Application.Services.GetRequiredService<StackDirectory>().SaveAsync(Deployer, draft, default);
    }

    internal async Task<(Guid Hook, string Secret, Guid Stack)> AddHookAsync(
        HookProvider provider, HookFilters? filters = null, Guid? stackId = null)
    {
        var stack = stackId ?? await AddStackAsync();
        var draft = new HookDraft(stack, $"hook {Interlocked.Increment(ref _number)}", provider, filters ?? new HookFilters());
        var made = await Directory.CreateAsync(Deployer, draft, default);
        return (made.Id, made.Secret, stack);
    }

    /// <summary>A client with an address of its own, as each sender has.</summary>
    internal HttpClient CreateSender(Uri? address = null)
    {
        var client = Portal.CreateClient(address ?? Application.Address);
        client.DefaultRequestHeaders.Accept.Clear();
        return client;
    }

    /// <summary>What GitHub sends.</summary>
    internal static HttpRequestMessage GitHub(Guid hook, string secret, string body, string? delivery = null, string name = "push")
    {
        var message = Message(hook.ToString(), body);
        message.Headers.Add("X-GitHub-Event", name);
        message.Headers.Add("X-GitHub-Delivery", delivery ?? Guid.NewGuid().ToString());
        message.Headers.Add("X-Hub-Signature-256", "sha256=" + HookSignaturesTests.Hmac(secret, body));
        return message;
    }

    /// <summary>What a program sends.</summary>
    internal static HttpRequestMessage Generic(Guid hook, string secret, string body, DateTimeOffset? time = null)
    {
        var message = Message(hook.ToString(), body);
        message.Headers.Add(
            "X-Portal-Signature", HookSignatures.Sign(secret, time ?? TimeProvider.System.GetUtcNow(), Encoding.UTF8.GetBytes(body)));
        return message;
    }

    internal static HttpRequestMessage Message(string hook, string body) => new(HttpMethod.Post, $"/hooks/{hook}")
    {
        Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body))
        {
            Headers = { ContentType = new MediaTypeHeaderValue("application/json") },
        },
    };

    /// <summary>A push that is like no other.</summary>
    internal static string PushOf(string branch = "main") => HookPayloads.GitHubPush
        .Replace("refs/heads/main", "refs/heads/" + branch, StringComparison.Ordinal)
        .Replace("\"id\":186853002", $"\"id\":{Random.Shared.Next()}", StringComparison.Ordinal);

    internal Task<PortalDbContext> OpenAsync() =>
        Application.Services.GetRequiredService<IDbContextFactory<PortalDbContext>>().CreateDbContextAsync();

    internal async Task<IReadOnlyList<WebhookDelivery>> DeliveriesAsync(Guid hook)
    {
        await using var database = await OpenAsync();
        return await database.WebhookDeliveries.AsNoTracking().Where(row => row.WebhookId == hook).OrderBy(row => row.Id).ToListAsync();
    }

    /// <summary>The one delivery of a webhook, once it is finished.</summary>
    internal async Task<WebhookDelivery> FinishedAsync(Guid hook)
    {
        await Eventually.HoldsAsync(
            async () => (await DeliveriesAsync(hook)) is [{ FinishedAt: not null }], "the delivery is finished");
        return (await DeliveriesAsync(hook))[0];
    }

    internal IReadOnlyList<(Guid Id, DeploymentOrder Order)> OrdersOf(Guid stack) =>
        [.. Deployments.Orders.Where(pair => pair.Order.StackId == stack)];

    private void Override(WebApplicationBuilder builder)
    {
        builder.Services.RemoveAll<IDeployments>();
        builder.Services.AddSingleton<IDeployments>(Deployments);
        builder.Services.RemoveAll<IStackSources>();
        builder.Services.AddSingleton<IStackSources>(Sources);
        builder.Services.Remove(builder.Services.Single(service => service.ImplementationType == typeof(HookWorker)));
    }
}
