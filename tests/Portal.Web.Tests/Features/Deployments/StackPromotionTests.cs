using System.Security.Claims;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Portal.Data;
using Portal.Web.Access;
using Portal.Web.Audit;
using Portal.Web.Features.Deployments;
using Portal.Web.Features.Deployments.Promoting;
using Portal.Web.Features.Environments.Rules;
using Portal.Web.Features.Stacks;
using Portal.Web.Features.Stacks.Images;
using Portal.Web.Tests.Support;

namespace Portal.Web.Tests.Features.Deployments;

public sealed class StackPromotionTests(TestPortal portal) : IClassFixture<TestPortal>
{
    private static readonly string s_digest = "sha256:" + new string('a', 64);

    [Fact]
    public async Task Promoted_Images_AreThoseOfTheSourceByDigestWithTheTargetsOwnFiles()
    {
        var user = await PersonAsync(BuiltInRoles.Deployer);
        var source = await DeploymentBench.MakeAsync(portal, "services: {web: {image: 'r.example/web:1'}, extra: {image: 'r.example/extra:1'}}");
        source.Node.Digests["r.example/web:1"] = $"r.example/web@{s_digest}";
        source.Node.Digests["r.example/extra:1"] = $"r.example/extra@{s_digest}";
        var target = await DeploymentBench.MakeAsync(
            portal, "services: {web: {image: 'r.example/web:prod', environment: {WHERE: prod}}, db: {image: 'db:1'}}");
        await target.OrderAsync(1);
        Assert.True(await target.WorkAsync());
        await source.OrderAsync(1);
        Assert.True(await source.WorkAsync());
        var promotions = Promotions(source, target);

        var plan = await promotions.PlanAsync(user, source.Stack.Id, target.Stack.Id, default);

        var image = Assert.Single(plan.Images);
        Assert.Equal(("web", SimulatedNode.IdOf("r.example/web:prod"), $"r.example/web@{s_digest}", false),
            (image.Service, image.Before, image.After, image.IsSame));
        Assert.Equal(["extra", "db"], plan.OnlyInSource.Concat(plan.OnlyInTarget));
        await Assert.ThrowsAsync<StackException>(
            () => promotions.PromoteAsync(user, source.Stack.Id, target.Stack.Id, Guid.NewGuid(), "", default));
        var id = await promotions.PromoteAsync(user, source.Stack.Id, target.Stack.Id, plan.DeploymentId, "tried for a day", default);
        Assert.True(await target.WorkAsync());
        var row = await target.FindAsync(id);
        Assert.Equal(("Succeeded", 2), (row.State, row.Revision));
        Assert.StartsWith("tried for a day", row.CauseText, StringComparison.Ordinal);
        Assert.Contains($"PULL r.example/web@{s_digest}", target.Node.Changes);
        Assert.Contains(target.Node.Containers, container => container.Name == "shop-web-1"
            && container.ImageId == SimulatedNode.IdOf($"r.example/web@{s_digest}"));
        Assert.Contains("WHERE: prod", (await RevisionAsync(target, 2)).File, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Promotion_WithoutTheRightToDeployThere_IsRefusedAndInItsEnvironmentItWaits()
    {
        var source = await DeploymentBench.MakeAsync(portal, "services: {web: {image: 'r.example/web:1'}}");
        source.Node.Digests["r.example/web:1"] = $"r.example/web@{s_digest}";
        var target = await DeploymentBench.MakeAsync(portal, "services: {web: {image: 'r.example/web:prod'}}");
        var promotions = Promotions(source, target);
        var admin = await PersonAsync(BuiltInRoles.Administrator);
        await Assert.ThrowsAsync<StackException>(() => promotions.PlanAsync(admin, source.Stack.Id, target.Stack.Id, default));
        await source.OrderAsync(1);
        Assert.True(await source.WorkAsync());

        foreach (var person in new[] { await PersonAsync(BuiltInRoles.Viewer), await PersonAsync(BuiltInRoles.Deployer, source.Stack.NodeId) })
        {
            var failure = await Record.ExceptionAsync(
                () => promotions.PromoteAsync(person, source.Stack.Id, target.Stack.Id, null, "", default));
            Assert.True(failure is AccessDeniedException or StackException, $"{failure}");
        }

        Assert.Equal(1, (await target.StackNowAsync()).Revision);
        await target.RuleAsync(new DeploymentRules { ApprovalHours = 1 });
        var id = await promotions.PromoteAsync(admin, source.Stack.Id, target.Stack.Id, null, "", default);
        Assert.Equal("AwaitingApproval", (await target.FindAsync(id)).State);
        await target.HoldAsync();
        Assert.Contains(s_digest, (await target.FindAsync(id)).Pins, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Promotion_OfAnImageFromNoRegistry_IsRefused()
    {
        var admin = await PersonAsync(BuiltInRoles.Administrator);
        var source = await DeploymentBench.MakeAsync(portal, "services: {web: {image: 'built:1'}}");
        var target = await DeploymentBench.MakeAsync(portal, "services: {web: {image: 'built:1'}}");
        await source.OrderAsync(1);
        Assert.True(await source.WorkAsync());

        var failure = await Assert.ThrowsAsync<StackException>(
            () => Promotions(source, target).PromoteAsync(admin, source.Stack.Id, target.Stack.Id, null, "", default));

        Assert.Contains("no registry", failure.Message, StringComparison.Ordinal);
        Assert.Equal(1, (await target.StackNowAsync()).Revision);
    }

    [Fact]
    public void Override_WhoseImageTheFilesNameNoMore_HasEnded()
    {
        var revision = new Portal.Data.Entities.Stacks.StackRevision
        {
            Images = ImageOverride.ToJson(new Dictionary<string, ImageOverride> { ["web"] = new("web:1", "web:9"), ["db"] = new("db:1", "db:9") }),
        };
        var files = Portal.Web.Features.Stacks.Files.StackFileSet.Of("services: {web: {image: 'web:1'}, db: {image: 'db:2'}}");
        var project = Portal.Compose.Loading.ComposeLoader.Load(
            files, new Portal.Compose.Loading.ComposeOptions { Files = files.ComposeFiles, ProjectName = "shop" }).Project!;

        var images = ImageOverride.Apply(project, revision).Services.ToDictionary(service => service.Name, service => service.Image);

        Assert.Equal(("web:9", "db:2"), (images["web"], images["db"]));
    }

    private StackPromotions Promotions(DeploymentBench source, DeploymentBench target) => new(
        Contexts,
        source.Store,
        portal.Services.GetRequiredService<DeploymentCommands>(),
        portal.Services.GetRequiredService<ImageRevisions>(),
        portal.Services.GetRequiredService<StackSecrets>(),
        portal.Services.GetRequiredService<IAuthorizer>(),
        new SimulatedNodes((source.Stack.NodeId, source.Node), (target.Stack.NodeId, target.Node)),
        portal.Services.GetRequiredService<IAuditLog>());

    private IDbContextFactory<PortalDbContext> Contexts => portal.Services.GetRequiredService<IDbContextFactory<PortalDbContext>>();

    private async Task<Portal.Data.Entities.Stacks.StackRevision> RevisionAsync(DeploymentBench bench, int number)
    {
        await using var database = await Contexts.CreateDbContextAsync();
        return await database.StackRevisions.SingleAsync(row => row.StackId == bench.Stack.Id && row.Number == number);
    }

    private async Task<ClaimsPrincipal> PersonAsync(string role, Guid? node = null)
    {
        var name = $"p-{Guid.NewGuid():N}";
        var id = await portal.AddPersonAsync(name, role, node);
        return new ClaimsPrincipal(new ClaimsIdentity([new Claim(ClaimTypes.NameIdentifier, $"{id}"), new Claim(ClaimTypes.Name, name)], "test"));
    }
}
