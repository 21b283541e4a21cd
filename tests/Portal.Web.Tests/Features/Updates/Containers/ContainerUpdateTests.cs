using System.Security.Claims;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Portal.Compose.Planning;
using Portal.Contracts.Hubs;
using Portal.Data;
using Portal.Web.Access;
using Portal.Web.Features.Deployments;
using Portal.Web.Features.Policies.Enforcing;
using Portal.Web.Features.Registries.Storage;
using Portal.Web.Features.Updates.Containers;
using Portal.Web.Tests.Features.Deployments;
using Portal.Web.Tests.Support;

namespace Portal.Web.Tests.Features.Updates.Containers;

/// <summary>Single containers that get a newer image, on a simulated node, and portals that die in the middle of it.</summary>
public sealed class ContainerUpdateTests : IClassFixture<ContainerUpdatePortal>
{
    private const string OldId = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
    private readonly TestPortal _portal;
    private readonly SimulatedNode _node = new();

    public ContainerUpdateTests(ContainerUpdatePortal portal) => _portal = portal.Portal;

    private IDbContextFactory<PortalDbContext> Contexts => _portal.Services.GetRequiredService<IDbContextFactory<PortalDbContext>>();

    private ContainerUpdates Updates => _portal.Services.GetRequiredService<ContainerUpdates>();

    // A claim that is over at once, as that of a portal which died long ago.
    private ContainerUpdateStore Store => new(Contexts, TimeProvider.System) { Lease = TimeSpan.Zero };

    private ContainerUpdateRun Run => new(
        Contexts, Store, _node, _portal.Services.GetRequiredService<IRegistryCredentials>(), new SignatureAgents(),
        new DeploymentOptions { Watch = TimeSpan.Zero, Look = TimeSpan.FromMilliseconds(1) }, TimeProvider.System);

    [Fact]
    public async Task Update_NewImageThatRuns_TakesTheNameAndTheOldOneIsGone()
    {
        var (node, user) = await NodeAsync();

        await Updates.StartAsync(user, node, OldId, default);
        await WorkAsync();

        var container = Assert.Single(_node.Containers);
        Assert.Equal(("web", SimulatedNode.IdOf("r.example/web:1"), "running"), (container.Name, container.ImageId, container.State));
        var shown = await Updates.FindAsync(user, node, container.Id, default);
        Assert.Equal((ContainerUpdateState.Succeeded, container.Id), (shown!.State, shown.SuccessorId));
        Assert.Equal(shown, await Updates.FindAsync(user, node, OldId, default));
    }

    [Fact]
    public async Task Update_NewImageThatEndsAtOnce_BringsTheOldOneBack()
    {
        var (node, user) = await NodeAsync("r.example/web:bad");

        await Updates.StartAsync(user, node, OldId, default);
        await WorkAsync();

        var container = Assert.Single(_node.Containers);
        Assert.Equal((OldId, "web", "running"), (container.Id, container.Name, container.State));
        var shown = await Updates.FindAsync(user, node, OldId, default);
        Assert.Equal(ContainerUpdateState.WentBack, shown!.State);
        Assert.Contains("ended with code 1", shown.Message, StringComparison.Ordinal);
        Assert.EndsWith("The old container runs again.", shown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Update_OfOneThatWasStopped_LeavesTheNewOneStopped()
    {
        var (node, user) = await NodeAsync(state: "exited");

        await Updates.StartAsync(user, node, OldId, default);
        await WorkAsync();

        var container = Assert.Single(_node.Containers);
        Assert.Equal(("web", SimulatedNode.IdOf("r.example/web:1"), "created"), (container.Name, container.ImageId, container.State));
    }

    [Fact]
    public async Task Update_ImageThatIsTheSame_ChangesNothing()
    {
        var (node, user) = await NodeAsync(imageId: SimulatedNode.IdOf("r.example/web:1"));

        await Updates.StartAsync(user, node, OldId, default);
        await WorkAsync();

        Assert.Equal(["PULL r.example/web:1"], _node.Changes);
        Assert.Equal("It has the newest image already.", (await Updates.FindAsync(user, node, OldId, default))!.Message);
    }

    [Theory]
    [InlineData("r.example/web:1")]
    [InlineData("r.example/web:bad")]
    public async Task Update_PortalDiesAtAnyChange_EndsInTheNewOneOrTheOldOne(string image)
    {
        var isNew = new HashSet<bool>();
        for (var at = 1; ; at++)
        {
            var (node, user) = await NodeAsync(image);
            var calls = 0;
            var died = false;
            _node.OnChange = (_, _) =>
            {
                if (++calls == at)
                {
                    died = true;
                    throw new OperationCanceledException("the portal died");
                }
            };
            await Updates.StartAsync(user, node, OldId, default);

            await WorkAsync();

            var container = Assert.Single(_node.Containers);
            Assert.Equal(("web", "running"), (container.Name, container.State));
            Assert.False(image.EndsWith("bad", StringComparison.Ordinal) && container.Id != OldId);
            var shown = (await Updates.FindAsync(user, node, container.Id, default))!;
            Assert.Equal(container.Id == OldId ? ContainerUpdateState.WentBack : ContainerUpdateState.Succeeded, shown.State);
            isNew.Add(container.Id != OldId);
            if (!died)
            {
                break;
            }
        }

        Assert.Equal(image.EndsWith("bad", StringComparison.Ordinal) ? 1 : 2, isNew.Count);
    }

    [Fact]
    public async Task Update_NodeAwayInTheMiddle_GoesOnWhenItIsBack()
    {
        var (node, user) = await NodeAsync();
        _node.OnChange = (what, isAfter) => _node.IsAway |= isAfter && what.EndsWith("/stop", StringComparison.Ordinal);
        await Updates.StartAsync(user, node, OldId, default);

        var update = (await Store.ClaimAsync(default))!;
        await Assert.ThrowsAsync<Portal.Web.Features.Deployments.Node.NodeAwayException>(() => Run.ExecuteAsync(update, default));
        (_node.IsAway, _node.OnChange) = (false, (_, _) => { });
        await WorkAsync();

        Assert.Equal((OldId, "running"), (Assert.Single(_node.Containers).Id, _node.Containers[0].State));
        Assert.Equal(ContainerUpdateState.WentBack, (await Updates.FindAsync(user, node, OldId, default))!.State);
    }

    [Fact]
    public async Task Start_WithoutAllThatItTakesOrTwice_IsRefused()
    {
        var (node, user) = await NodeAsync();
        var viewer = await PersonAsync(BuiltInRoles.Viewer);
        var stranger = await PersonAsync(BuiltInRoles.Operator, await _portal.AddNodeAsync($"o{Guid.NewGuid():N}"));

        await Assert.ThrowsAsync<AccessDeniedException>(() => Updates.StartAsync(viewer, node, OldId, default));
        await Assert.ThrowsAsync<AccessDeniedException>(() => Updates.StartAsync(stranger, node, OldId, default));
        await Assert.ThrowsAsync<ContainerUpdateException>(() => Updates.StartAsync(user, node, "none", default));
        await Updates.StartAsync(user, node, OldId, default);
        await Assert.ThrowsAsync<ContainerUpdateException>(() => Updates.StartAsync(user, node, OldId, default));

        Assert.NotNull(await Updates.FindAsync(viewer, node, OldId, default));
        Assert.Null(await Updates.FindAsync(stranger, node, OldId, default));
        await WorkAsync();
        await using var database = await Contexts.CreateDbContextAsync();
        Assert.Single(await database.AuditLog.Where(row => row.Action == "container.update_image" && row.NodeId == node).ToListAsync());
    }

    [Theory]
    [InlineData("shop", "r.example/web:1", "running", "of the project 'shop'")]
    [InlineData("", "r.example/web@sha256:aa", "running", "no tag")]
    [InlineData("", "sha256:aa", "running", "no tag")]
    [InlineData("", "r.example/web:1", "paused", "paused")]
    [InlineData("", "r.example/web:1", "exited", "")]
    public void WhyNot_OfContainersThatCantBe_SaysWhy(string project, string image, string state, string expected)
    {
        var labels = project.Length > 0 ? new Dictionary<string, string> { [ComposeLabels.Project] = project } : [];

        var why = ContainerUpdates.WhyNot(new ContainerView { Id = OldId, Name = "web", Image = image, State = state, Labels = labels });

        Assert.True(expected.Length == 0 ? why.Length == 0 : why.Contains(expected, StringComparison.Ordinal), why);
    }

    // Each portal goes on where the one before died.
    private async Task WorkAsync()
    {
        while (await Store.ClaimAsync(default) is { } update)
        {
            try
            {
                var (state, message) = await Run.ExecuteAsync(update, default);
                await Store.FinishAsync(update, state, message);
            }
            catch (OperationCanceledException)
            {
                // Dead.
            }
        }
    }

    private async Task<(Guid Node, ClaimsPrincipal User)> NodeAsync(string image = "r.example/web:1", string state = "running", string imageId = "sha256:old")
    {
        foreach (var gone in _node.Containers)
        {
            _node.Take(gone);
        }

        _node.OnChange = (_, _) => { };
        _node.Add(new SimulatedContainer { Id = OldId, Name = "web", Image = image, ImageId = imageId, State = state, IsOlder = true });
        var id = await _portal.AddNodeAsync($"u{Guid.NewGuid():N}");
        _portal.Fleet.Set(_portal.Fleet.Current.Nodes[id] with { Containers = _node.Views() });
        return (id, await PersonAsync(BuiltInRoles.Operator, id));
    }

    private async Task<ClaimsPrincipal> PersonAsync(string role, Guid? node = null)
    {
        var name = $"p-{Guid.NewGuid():N}";
        var id = await _portal.AddPersonAsync(name, role, node);
        return new ClaimsPrincipal(new ClaimsIdentity([new Claim(ClaimTypes.NameIdentifier, $"{id}"), new Claim(ClaimTypes.Name, name)], "test"));
    }
}
