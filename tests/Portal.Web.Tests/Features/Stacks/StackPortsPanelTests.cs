using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Rendering;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Portal.Contracts.Networks.V1;
using Portal.Data;
using Portal.Data.Entities.Overlays;
using Portal.Data.Entities.Stacks;
using Portal.Web.Access;
using Portal.Web.Features.Overlays;
using Portal.Web.Features.Overlays.Telling;
using Portal.Web.Features.Stacks.Pages;
using Portal.Web.Tests.Support;

namespace Portal.Web.Tests.Features.Stacks;

/// <summary>What a stack's page says of its ports on every node.</summary>
public sealed class StackPortsPanelTests(TestPortal portal) : IClassFixture<TestPortal>
{
    private static Guid s_stack;

    [Fact]
    public async Task Panel_OfAStackOverNodes_NamesEachPortAndWhereItAnswers()
    {
        var node = await portal.AddNodeAsync($"n-{Guid.NewGuid():N}");
        await using (var database = await portal.Services.GetRequiredService<IDbContextFactory<PortalDbContext>>().CreateDbContextAsync())
        {
            s_stack = Guid.NewGuid();
            database.Stacks.Add(new Stack
            {
                Id = s_stack, Name = $"s{s_stack:N}"[..20], NodeName = "x", CreatedAt = TimeProvider.System.GetUtcNow(),
            });
            var network = new OverlayNetwork
            {
                Id = Guid.NewGuid(), Name = $"n{s_stack:N}", Vni = Random.Shared.Next(4096, 1 << 24), Port = 4789, Subnet = "10.200.0.0/16", BlockLength = 24,
                CreatedAt = TimeProvider.System.GetUtcNow(), StackId = s_stack, Ports = "8080/tcp",
            };
            database.OverlayNetworks.Add(network);
            var member = new OverlayMember
            {
                NetworkId = network.Id, NodeId = node, Block = 1, NodeAddress = "198.18.0.1", IngressProblem = "Port 8080/tcp: busy.",
            };
            var endpoint = new OverlayEndpoint { Address = "10.200.1.7", MacAddress = "02:42:0a:c8:01:07", State = IngressState.Ready };
            endpoint.Targets.Add(new IngressTarget { Protocol = "tcp", Port = 8080, TargetPort = 80 });
            member.Endpoints = OverlayTables.Keep(network, member, [endpoint]);
            database.OverlayMembers.Add(member);
            await database.SaveChangesAsync();
        }

        var (host, _, _) = await PageHost.OpenAsync<Page>(
            "stacks", portal.Fleet, new EffectiveAccess([(BuiltInRoles.Viewer, null)]),
            services => services.AddSingleton(portal.Services.GetRequiredService<StackPorts>()));

        var text = await host.DoAsync(page => string.Join(" | ", page.Elements().Select(element => element.Text)));
        Assert.Contains("8080/tcp", text, StringComparison.Ordinal);
        Assert.Contains("198.18.0.1:8080", text, StringComparison.Ordinal);
        Assert.Contains("1 of 1 replica ready", text, StringComparison.Ordinal);
        Assert.Contains("Port 8080/tcp: busy.", text, StringComparison.Ordinal);
    }

    private sealed class Page : ComponentBase
    {
        protected override void BuildRenderTree(RenderTreeBuilder builder)
        {
            builder.OpenComponent<StackPortsPanel>(0);
            builder.AddComponentParameter(1, "StackId", s_stack);
            builder.CloseComponent();
        }
    }
}
