using System.Security.Claims;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Portal.Data;
using Portal.Data.Entities.Alerts;
using Portal.Web.Access;
using Portal.Web.Features.Alerts.Sending;
using Portal.Web.Features.Deployments.Telling;
using Portal.Web.Tests.Support;

namespace Portal.Web.Tests.Features.Deployments;

public sealed class DeploymentTellingTests(TestPortal portal) : IClassFixture<TestPortal>
{
    private const string Good = "services: {web: {image: 'web:1'}}";
    private const string Bad = "services: {web: {image: 'web:bad'}}";

    private DeploymentTelling Telling => portal.Services.GetRequiredService<DeploymentTelling>();

    [Fact]
    public async Task Deployments_OfAStackThatTells_AreToldOnceEach()
    {
        var admin = await PersonAsync("teller", BuiltInRoles.Administrator);
        var (told, other) = (await AddTargetAsync(), await AddTargetAsync());
        var bench = await DeploymentBench.MakeAsync(portal, Good, Bad);
        await Telling.SaveAsync(
            admin, bench.Stack.Id, [told], [DeploymentEvent.Started, DeploymentEvent.Succeeded, DeploymentEvent.RolledBack], default);

        await bench.OrderAsync(1);
        Assert.False(await bench.WorkAsync(dieAt: (_, _) => true));
        Assert.True(await bench.WorkAsync());
        await bench.OrderAsync(2);
        Assert.True(await bench.WorkAsync());

        var messages = await MessagesAsync(told);
        Assert.Equal(
            [
                ("Deployment of shop on node started", "info", false), ("Deployment of shop on node succeeded", "info", true),
                ("Deployment of shop on node started", "info", false),
                ("Deployment of shop on node failed and was rolled back", "warning", false),
            ],
            messages.Select(message => (message.Title, message.Severity, message.IsOver)));
        Assert.StartsWith("revision 2 for ann (for a test): ", messages[3].Alerts.Single().Value, StringComparison.Ordinal);
        Assert.Empty(await MessagesAsync(other));
    }

    [Fact]
    public async Task Deployments_WithoutAWishOrATarget_AreNotTold()
    {
        var admin = await PersonAsync("quiet", BuiltInRoles.Administrator);
        var target = await AddTargetAsync();
        var bench = await DeploymentBench.MakeAsync(portal, Good);
        await Telling.SaveAsync(admin, bench.Stack.Id, [target, Guid.NewGuid()], [DeploymentEvent.Failed], default);

        await bench.OrderAsync(1);
        Assert.True(await bench.WorkAsync());

        Assert.Empty(await MessagesAsync(target));
        var read = (await Telling.ReadAsync(admin, bench.Stack.Id, default))!;
        Assert.Equal([target], read.Chosen);
        Assert.Equal([DeploymentEvent.Failed], read.Events);
    }

    [Fact]
    public async Task Choosing_WithoutTheRightToSeeTargets_IsRefused()
    {
        var bench = await DeploymentBench.MakeAsync(portal, Good);
        var here = await PersonAsync("here", BuiltInRoles.Deployer, bench.Stack.NodeId);
        var viewer = await PersonAsync("sees", BuiltInRoles.Viewer);

        foreach (var person in new[] { here, viewer, new ClaimsPrincipal() })
        {
            Assert.Null(await Telling.ReadAsync(person, bench.Stack.Id, default));
            await Assert.ThrowsAsync<AccessDeniedException>(() => Telling.SaveAsync(person, bench.Stack.Id, [], [], default));
        }
    }

    private async Task<Guid> AddTargetAsync()
    {
        await using var database = await OpenAsync();
        var target = new AlertTarget
        {
            Id = Guid.NewGuid(), Name = $"target-{Guid.NewGuid():N}", Kind = "Webhook", CreatedAt = TimeProvider.System.GetUtcNow(),
        };
        database.AlertTargets.Add(target);
        await database.SaveChangesAsync();
        return target.Id;
    }

    private async Task<IReadOnlyList<AlertMessage>> MessagesAsync(Guid target)
    {
        await using var database = await OpenAsync();
        var rows = await database.AlertDeliveries.AsNoTracking().Where(row => row.TargetId == target).OrderBy(row => row.Id).ToListAsync();
        return [.. rows.Select(row => AlertMessage.Parse(row.Message))];
    }

    private async Task<ClaimsPrincipal> PersonAsync(string name, string role, Guid? node = null) => new(new ClaimsIdentity(
        [
            new Claim(ClaimTypes.NameIdentifier, (await portal.AddPersonAsync(name, role, node)).ToString()),
            new Claim(ClaimTypes.Name, name),
        ],
        "test"));

    private Task<PortalDbContext> OpenAsync() =>
        portal.Services.GetRequiredService<IDbContextFactory<PortalDbContext>>().CreateDbContextAsync();
}
