using System.Security.Claims;
using Microsoft.Extensions.DependencyInjection;
using Portal.Compose.Planning;
using Portal.Web.Access;
using Portal.Web.Features.Deployments.Previewing;
using Portal.Web.Features.Policies.Enforcing;
using Portal.Web.Features.Stacks;
using Portal.Web.Tests.Support;

namespace Portal.Web.Tests.Features.Deployments;

/// <summary>What whoever approves a deployment is shown of it.</summary>
public sealed class PinnedPreviewTests(TestPortal portal) : IClassFixture<TestPortal>
{
    [Fact]
    public async Task Preview_OfImagesThatAreFixed_IsOfThoseAndNotOfWhatTheirNamesStandFor()
    {
        var bench = await DeploymentBench.MakeAsync(portal, "services: {web: {image: 'r.example/web:1'}}");
        await bench.OrderAsync(1);
        Assert.True(await bench.WorkAsync());
        var id = await portal.AddPersonAsync($"p-{Guid.NewGuid():N}", BuiltInRoles.Deployer);
        var user = new ClaimsPrincipal(new ClaimsIdentity([new Claim(ClaimTypes.NameIdentifier, $"{id}")], "test"));
        var services = portal.Services;
        var previews = new DeploymentPreviews(
            bench.Store, services.GetRequiredService<StackSecrets>(), services.GetRequiredService<IAuthorizer>(),
            services.GetRequiredService<PolicyBook>(), bench.Node, portal.Fleet, services.GetRequiredService<SpreadPreviews>());
        var pin = $"r.example/web@sha256:{new string('b', 64)}";

        var plain = await previews.PlanAsync(user, bench.Stack, 1, false, default);
        var pinned = await previews.PlanAsync(user, bench.Stack, 1, false, new Dictionary<string, string> { ["web"] = pin }, default);

        Assert.Equal(PlanAction.Keep, ActionOf(plain));
        Assert.Equal((PlanAction.Recreate, pin), (ActionOf(pinned), Assert.Single(pinned.Pulls)));
    }

    private static PlanAction ActionOf(DeploymentPreview preview) => preview.Plan!.Steps.Single(step => step.Name == "shop-web-1").Action;
}
