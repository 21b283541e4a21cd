using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Rendering;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Portal.Compose.Planning;
using Portal.Contracts.Hubs;
using Portal.Data;
using Portal.Data.Entities.Images;
using Portal.Web.Access;
using Portal.Web.Audit;
using Portal.Web.Features.Updates;
using Portal.Web.Features.Updates.Containers;
using Portal.Web.Tests.Support;

namespace Portal.Web.Tests.Features.Updates.Containers;

/// <summary>What a container's page offers and says of a newer image.</summary>
public sealed class ContainerUpdatePanelTests(ContainerUpdatePortal world) : IClassFixture<ContainerUpdatePortal>
{
    private const string Offer = "Update to the newer image";
    private readonly TestPortal _portal = world.Portal;

    [Fact]
    public async Task Panel_NewerImage_OffersTheUpdateToThoseWhoMay()
    {
        Assert.Contains(Offer, await DrawAsync(BuiltInRoles.Operator, Container()), StringComparison.Ordinal);
        Assert.DoesNotContain(Offer, await DrawAsync(BuiltInRoles.Viewer, Container()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Panel_ContainerOfAProject_PointsToItsStack()
    {
        var text = await DrawAsync(BuiltInRoles.Operator, Container() with { Labels = new Dictionary<string, string> { [ComposeLabels.Project] = "shop" } });

        Assert.Contains("It is of the project 'shop'", text, StringComparison.Ordinal);
        Assert.DoesNotContain(Offer, text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Panel_UpdateThatWentBack_SaysWhyAndOffersItAgain()
    {
        var container = Container();
        var node = await _portal.AddNodeAsync($"n{Guid.NewGuid():N}");
        await using (var database = await _portal.Services.GetRequiredService<IDbContextFactory<PortalDbContext>>().CreateDbContextAsync())
        {
            var now = TimeProvider.System.GetUtcNow();
            database.ContainerUpdates.Add(new ContainerUpdate
            {
                Id = Guid.NewGuid(), NodeId = node, NodeName = "n", ContainerId = container.Id, Name = "web", Image = container.Image, ActorName = "admin",
                State = nameof(ContainerUpdateState.WentBack), Phase = nameof(ContainerUpdatePhase.Back),
                Message = "The new container was not good.", CreatedAt = now, FinishedAt = now,
            });
            await database.SaveChangesAsync();
        }

        var text = await DrawAsync(BuiltInRoles.Operator, container, node);

        Assert.Contains("The new container was not good.", text, StringComparison.Ordinal);
        Assert.Contains(Offer, text, StringComparison.Ordinal);
    }

    private static ContainerView Container() => new()
    {
        Id = $"{Guid.NewGuid():N}{Guid.NewGuid():N}", Name = "web", Image = "r.example/web:1", State = "running",
    };

    private async Task<string> DrawAsync(string role, ContainerView container, Guid? node = null)
    {
        var access = new EffectiveAccess([(role, null)]);
        var services = _portal.Services;
        var updates = new ContainerUpdates(
            services.GetRequiredService<IDbContextFactory<PortalDbContext>>(), _portal.Fleet, new FixedAccess(access),
            services.GetRequiredService<IAuditLog>(), services.GetRequiredService<ContainerUpdateSignal>(), TimeProvider.System);
        Page.Shown = (node ?? Guid.NewGuid(), container);
        var (host, _, _) = await PageHost.OpenAsync<Page>(
            "containers", _portal.Fleet, access, page => page.AddSingleton(updates));
        return await host.DoAsync(page => string.Join(" | ", page.Elements().Select(element => element.Text)));
    }

    private sealed class Page : ComponentBase
    {
        public static (Guid Node, ContainerView Container) Shown { get; set; }

        protected override void BuildRenderTree(RenderTreeBuilder builder)
        {
            builder.OpenComponent<ContainerUpdatePanel>(0);
            builder.AddComponentParameter(1, nameof(ContainerUpdatePanel.NodeId), Shown.Node);
            builder.AddComponentParameter(2, nameof(ContainerUpdatePanel.Container), Shown.Container);
            builder.AddComponentParameter(3, nameof(ContainerUpdatePanel.Update), new ImageUpdate(UpdateState.Available, "sha256:aa"));
            builder.CloseComponent();
        }
    }
}
