using System.Security.Claims;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Portal.Data;
using Portal.Data.Entities.Deployments;
using Portal.Testing.Engine;
using Portal.Web.Access;
using Portal.Web.Audit;
using Portal.Web.Features.Deployments;
using Portal.Web.Features.Registries;
using Portal.Web.Features.Registries.Storage;
using Portal.Web.Features.Stacks;
using Portal.Web.Features.Stacks.Images;
using Portal.Web.Features.Updates;
using Portal.Web.Features.Updates.Checking;
using Portal.Web.Features.Updates.Policies;
using Portal.Web.Features.Updates.Rules;
using Portal.Web.Tests.Features.Deployments;
using Portal.Web.Tests.Support;

namespace Portal.Web.Tests.Features.Updates.Rules;

/// <summary>A stack on a simulated node whose registry a test fills, with real revisions and deployments, and a clock that it holds.</summary>
internal sealed class ImageRuleBench
{
    private readonly IServiceProvider _services;

    private ImageRuleBench(TestPortal portal, DeploymentBench deployments)
    {
        (_services, Deployments) = (portal.Services, deployments);
        Images = new FollowedImages(
            Contexts, _services.GetRequiredService<StackSecrets>(),
            new RegistryTags(deployments.Node, _services.GetRequiredService<IRegistryCredentials>()), portal.Fleet);
        Taking = new ImageTaking(Contexts, Images, _services.GetRequiredService<ImageRevisions>(), TimeProvider.System);
        Rules = new ImageRuleDirectory(
            Contexts, Images, Taking, _services.GetRequiredService<DeploymentCommands>(), _services.GetRequiredService<IAuthorizer>(),
            _services.GetRequiredService<IAuditLog>(), Time);
        Policies = new ImagePolicyDirectory(
            Contexts, _services.GetRequiredService<IAuthorizer>(), _services.GetRequiredService<IAuditLog>(), Time);
        Worker = new ImagePolicyWorker(
            Contexts, portal.Fleet, new ImageUpdates(), _services.GetRequiredService<IDeployments>(), Taking, new ImageCheckOptions(), Time,
            NullLogger<ImagePolicyWorker>.Instance);
    }

    public DeploymentBench Deployments { get; }

    public FakeTimeProvider Time { get; } = new();

    public FollowedImages Images { get; }

    public ImageTaking Taking { get; }

    public ImageRuleDirectory Rules { get; }

    public ImagePolicyDirectory Policies { get; }

    public ImagePolicyWorker Worker { get; }

    /// <summary>Who may edit and deploy the stack.</summary>
    public ClaimsPrincipal User { get; private set; } = new();

    public Guid StackId => Deployments.Stack.Id;

    public SimulatedNode Node => Deployments.Node;

    public IDbContextFactory<PortalDbContext> Contexts => _services.GetRequiredService<IDbContextFactory<PortalDbContext>>();

    /// <summary>A stack with these revisions, of which the first is deployed; what earlier ones follow and wait for is over.</summary>
    public static async Task<ImageRuleBench> MakeAsync(TestPortal portal, params string[] files)
    {
        await using (var database = await portal.Services.GetRequiredService<IDbContextFactory<PortalDbContext>>().CreateDbContextAsync())
        {
            await database.ImagePolicies.ExecuteDeleteAsync();
            await database.Deployments.Where(row => row.FinishedAt == null).ExecuteDeleteAsync();
        }

        var bench = new ImageRuleBench(portal, await DeploymentBench.MakeAsync(portal, files));
        bench.User = await PersonAsync(portal, BuiltInRoles.Deployer, bench.Deployments.Stack.NodeId);
        await bench.DeployAsync(1);
        return bench;
    }

    public static async Task<ClaimsPrincipal> PersonAsync(TestPortal portal, string? role, Guid? node = null)
    {
        var name = $"p-{Guid.NewGuid():N}";
        var id = await portal.AddPersonAsync(name, role, node);
        return new ClaimsPrincipal(new ClaimsIdentity([new Claim(ClaimTypes.NameIdentifier, $"{id}"), new Claim(ClaimTypes.Name, name)], "test"));
    }

    /// <summary>What a person does to have that revision run, forward or back.</summary>
    public async Task DeployAsync(int revision)
    {
        await Deployments.OrderAsync(revision);
        Assert.True(await Deployments.WorkAsync());
    }

    public T Service<T>()
        where T : notnull => _services.GetRequiredService<T>();

    /// <summary>The tags of <c>r.example/web</c>.</summary>
    public void Tags(params string[] tags) => Node.Repositories["r.example/web"] = tags;

    /// <summary>Whether a service runs an image.</summary>
    public bool Runs(string image, string service = "web") => Node.Containers.Any(container =>
        container.Name == $"shop-{service}-1" && container.ImageId == SimulatedNode.IdOf(image) && container.IsRunning);

    /// <summary>The stack's deployments, the newest first.</summary>
    public async Task<IReadOnlyList<Deployment>> AllAsync()
    {
        await using var database = await Contexts.CreateDbContextAsync();
        return await database.Deployments.AsNoTracking().Where(row => row.StackId == StackId).OrderByDescending(row => row.CreatedAt)
            .ThenByDescending(row => row.Id).ToListAsync();
    }
}
