using Portal.Contracts.Images.V1;
using Portal.Contracts.Permissions;
using Portal.Testing;
using Portal.Web.Nodes;

namespace Portal.Link.Tests.Environment;

/// <summary>One host at a switch, with the agent as it is installed.</summary>
internal sealed class OverlayHost(Switch wire, int number) : IAsyncDisposable
{
    private readonly TestInstance _instance = new();

    public AgentProcess Agent { get; private set; } = null!;

    public Guid NodeId { get; private set; }

    /// <summary>Lays its cable, joins it to the portal, and starts its agent.</summary>
    public async Task JoinAsync(TestPortal portal) => await JoinAsync(portal.Fleet, portal.TlsUrl, () => portal.MakeTokenAsync());

    /// <inheritdoc cref="JoinAsync(TestPortal)"/>
    public async Task JoinAsync(IFleet fleet, Uri portal, Func<Task<string>> makeToken)
    {
        await wire.AddAsync(number);
        Agent = new AgentProcess(_instance, wire.NamespaceOf(number));
        var before = fleet.Current.Nodes.Keys.ToHashSet();

        // On a busy host the first answer of a portal that has just started takes longer than a person who joins a host would wait.
        await Eventually.HoldsAsync(async () => (await Agent.TryJoinAsync(portal, await makeToken())).ExitCode == 0, "the agent has joined");
        await Soon.TrueAsync(() => fleet.Current.Nodes.Keys.Any(id => !before.Contains(id)), "the node is in the list");
        NodeId = fleet.Current.Nodes.Keys.Single(id => !before.Contains(id));
        Agent.Start();
    }

    public async Task LoadBusyboxAsync(TestPortal portal)
    {
        var invoker = portal.Clients.For(NodeId, TestPortal.Admin, PermissionNames.ImagesLoad);
        await new ImageService.ImageServiceClient(invoker).CreateBusyboxImageAsync(new CreateBusyboxImageRequest());
    }

    public async Task<bool> HasNetworkAsync(string name) =>
        (await Agent.TryDockerAsync("network", "ls", "--quiet", "--filter", $"name={name}")).Output.Trim().Length > 0;

    public async ValueTask DisposeAsync()
    {
        if (Agent is not null)
        {
            await Agent.DisposeAsync();
        }

        await _instance.DisposeAsync();
    }
}
