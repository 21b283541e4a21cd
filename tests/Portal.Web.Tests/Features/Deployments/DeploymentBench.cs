using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Portal.Data;
using Portal.Data.Entities.Deployments;
using Portal.Data.Entities.Stacks;
using Portal.Web.Features.Deployments;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Portal.Data.Entities.Access;
using Portal.Web.Audit;
using Portal.Web.Features.Deployments.Holding;
using Portal.Web.Features.Deployments.Running;
using Portal.Web.Features.Environments.Rules;
using Portal.Web.Features.Policies.Enforcing;
using Portal.Web.Features.Registries;
using Portal.Web.Features.Deployments.Spreading;
using Portal.Web.Features.Registries.Storage;
using Portal.Web.Features.Stacks;
using Portal.Web.Nodes;
using Portal.Web.Tests.Support;

namespace Portal.Web.Tests.Features.Deployments;

/// <summary>A stack on a <see cref="SimulatedNode"/> of its own, and portals that work on its deployments and may die at any call.</summary>
internal sealed class DeploymentBench
{
    private readonly IServiceProvider _services;
    private readonly DeploymentTools _tools;
    private readonly Guid _node;
    private Action<Action<string, bool>> _hook;

    private DeploymentBench(TestPortal portal, Guid node, INodeClients? clients = null, IStackNetworks? networks = null)
    {
        (_services, _node) = (portal.Services, node);
        var options = new DeploymentOptions { Lease = TimeSpan.Zero, Watch = TimeSpan.Zero, Look = TimeSpan.FromMilliseconds(1) };
        _hook = change => Node.OnChange = change;
        Store = new DeploymentStore(Contexts, options, TimeProvider.System);
        _tools = new DeploymentTools(
            Store,
            new DeploymentPeople(Contexts, Agents),
            _services.GetRequiredService<StackSecrets>(),
            clients ?? Node,
            portal.Fleet,
            _services.GetRequiredService<IRegistryCredentials>(),
            options,
            TimeProvider.System,
            new LostNodes(portal.Fleet, options with { LostAfter = TimeSpan.Zero }, TimeProvider.System),
            networks ?? _services.GetRequiredService<IStackNetworks>());
    }

    public SimulatedNode Node { get; } = new();

    public DeploymentStore Store { get; }

    public Stack Stack { get; private set; } = null!;

    private IDbContextFactory<PortalDbContext> Contexts => _services.GetRequiredService<IDbContextFactory<PortalDbContext>>();

    /// <summary>Which agents look at signatures; none, unless a test says so.</summary>
    public SignatureAgents Agents { get; } = new();

    /// <summary>A stack with these revisions, of which none is deployed.</summary>
    public static async Task<DeploymentBench> MakeAsync(TestPortal portal, params string[] files)
    {
        var bench = new DeploymentBench(portal, await portal.AddNodeAsync($"node-{Guid.NewGuid():N}"));
        await using var database = await bench.Contexts.CreateDbContextAsync();
        bench.Stack = new Stack
        {
            Id = Guid.NewGuid(), Name = "shop", NodeId = bench._node, NodeName = "node", Revision = files.Length,
            CreatedAt = TimeProvider.System.GetUtcNow(),
        };
        database.Stacks.Add(bench.Stack);
        database.StackRevisions.AddRange(files.Select((file, index) => new StackRevision
        {
            StackId = bench.Stack.Id, Number = index + 1, AuthorName = "ann", CreatedAt = bench.Stack.CreatedAt, File = file,
        }));
        await database.SaveChangesAsync();
        return bench;
    }

    /// <summary>A stack over several nodes, of which none is deployed.</summary>
    public static async Task<DeploymentBench> SpreadAsync(TestPortal portal, SimulatedFleet fleet, params string[] files)
    {
        var bench = new DeploymentBench(portal, Guid.Empty, fleet, fleet);
        await using var database = await bench.Contexts.CreateDbContextAsync();
        bench.Stack = new Stack
        {
            Id = Guid.NewGuid(), Name = "shop", EnvironmentId = fleet.EnvironmentId, NodeName = "test", Revision = files.Length,
            CreatedAt = TimeProvider.System.GetUtcNow(),
        };
        database.Stacks.Add(bench.Stack);
        database.StackRevisions.AddRange(files.Select((file, index) => new StackRevision
        {
            StackId = bench.Stack.Id, Number = index + 1, AuthorName = "ann", CreatedAt = bench.Stack.CreatedAt, File = file,
        }));
        await database.SaveChangesAsync();
        bench._hook = fleet.Hook;
        return bench;
    }

    public Task<Guid> OrderAsync(
        int revision, DeploymentOperation operation = DeploymentOperation.Deploy, DeploymentCause cause = DeploymentCause.Person,
        bool force = false, Guid? actor = null, bool removeVolumes = false) =>
        _services.GetRequiredService<IDeployments>().EnqueueAsync(
            new DeploymentOrder(Stack.Id, revision, cause, "for a test", actor, "ann", Force: force) 
            {
                Operation = operation, RemoveVolumes = removeVolumes,
            },
            default);

    /// <summary>A portal claims the next deployment of this stack and works on it, until it is done or dies.</summary>
    /// <param name="dieAt">Tells of a change on the node, before and after it is made, whether the portal dies there.</param>
    /// <param name="cancelAt">Tells in the same way whether somebody cancels then.</param>
    /// <returns>False when it died.</returns>
    public async Task<bool> WorkAsync(Func<string, bool, bool>? dieAt = null, Func<string, bool, bool>? cancelAt = null)
    {
        var claim = await Store.ClaimAsync(Guid.NewGuid(), default);
        Assert.Equal(Stack.Id, claim?.StackId);
        using var lost = new CancellationTokenSource();
        using var cancelled = new CancellationTokenSource();
        _hook((what, isAfter) =>
        {
            if (cancelAt?.Invoke(what, isAfter) == true && !cancelled.IsCancellationRequested)
            {
                Cancel(claim!.Id);
                cancelled.Cancel();
            }

            if (dieAt?.Invoke(what, isAfter) == true || lost.IsCancellationRequested)
            {
                lost.Cancel();
                throw new OperationCanceledException("the portal died");
            }
        });
        var journal = new DeploymentJournal(Contexts, claim!.Id, TimeProvider.System);
        try
        {
            await new DeploymentRun(_tools, claim, journal, cancelled.Token, lost.Token).ExecuteAsync();
            return true;
        }
        catch (OperationCanceledException) when (lost.IsCancellationRequested)
        {
            return false;
        }
    }

    /// <summary>A portal sees to what is held, once.</summary>
    public Task HoldAsync() => new HeldDeploymentWorker(
        _services.GetRequiredService<NpgsqlDataSource>(),
        Contexts,
        _services.GetRequiredService<DeploymentReleases>(),
        new ImagePinner(
            Store,
            new DeploymentPeople(Contexts, Agents),
            _services.GetRequiredService<StackSecrets>(),
            Node,
            new RegistryTags(Node, _services.GetRequiredService<IRegistryCredentials>()),
            _services.GetRequiredService<IFleet>()),
        _services.GetRequiredService<IAuditLog>(),
        TimeProvider.System,
        NullLogger<HeldDeploymentWorker>.Instance).RunAsync(default);

    /// <summary>One look of a portal at stacks over nodes; all that are lost have been away long enough.</summary>
    public Task KeepAsync() => new SpreadKeeper(
        _services.GetRequiredService<NpgsqlDataSource>(),
        Contexts,
        _services.GetRequiredService<IDeployments>(),
        _services.GetRequiredService<StackSecrets>(),
        _services.GetRequiredService<IFleet>(),
        _tools.Lost,
        TimeProvider.System,
        NullLogger<SpreadKeeper>.Instance).LookAsync(default);

    /// <summary>The deployments of the stack that wait.</summary>
    public async Task<IReadOnlyList<Deployment>> WaitingAsync()
    {
        await using var database = await Contexts.CreateDbContextAsync();
        return await database.Deployments.AsNoTracking().Where(row => row.StackId == Stack.Id && row.State == "Queued").ToListAsync();
    }

    /// <summary>Puts the node into an environment of its own with these rules.</summary>
    public async Task<Guid> RuleAsync(DeploymentRules rules)
    {
        await using var database = await Contexts.CreateDbContextAsync();
        var environment = new NodeEnvironment
        {
            Id = Guid.NewGuid(), Name = $"e-{Guid.NewGuid():N}", Color = "blue", DeploymentRules = rules.ToJson(),
            CreatedAt = TimeProvider.System.GetUtcNow(),
        };
        database.Environments.Add(environment);
        await database.SaveChangesAsync();
        await database.Nodes.Where(node => node.Id == _node)
            .ExecuteUpdateAsync(change => change.SetProperty(node => node.EnvironmentId, environment.Id));
        return environment.Id;
    }

    /// <summary>Changes what the database has of a deployment.</summary>
    public async Task ChangeAsync(Guid id, Action<Deployment> change)
    {
        await using var database = await Contexts.CreateDbContextAsync();
        change(await database.Deployments.SingleAsync(row => row.Id == id));
        await database.SaveChangesAsync();
    }

    public async Task<Deployment> FindAsync(Guid id)
    {
        await using var database = await Contexts.CreateDbContextAsync();
        return await database.Deployments.AsNoTracking().SingleAsync(row => row.Id == id);
    }

    public async Task<Stack> StackNowAsync()
    {
        await using var database = await Contexts.CreateDbContextAsync();
        return await database.Stacks.AsNoTracking().SingleAsync(row => row.Id == Stack.Id);
    }

    public async Task<IReadOnlyList<DeploymentStep>> StepsAsync(Guid id)
    {
        await using var database = await Contexts.CreateDbContextAsync();
        return await database.DeploymentSteps.AsNoTracking().Where(step => step.DeploymentId == id).OrderBy(step => step.Number)
            .ToListAsync();
    }

    private void Cancel(Guid id)
    {
        using var database = Contexts.CreateDbContext();
        database.Deployments.Where(row => row.Id == id).ExecuteUpdate(change => change
            .SetProperty(row => row.CancelledAt, TimeProvider.System.GetUtcNow()).SetProperty(row => row.CancelledBy, "bob"));
    }
}
