using System.Security.Claims;
using Microsoft.Extensions.DependencyInjection;
using Portal.Web.Access;
using Portal.Web.Features.Deployments;
using Portal.Web.Features.Deployments.Holding;
using Portal.Web.Features.Environments.Rules;
using Portal.Web.Features.Stacks;
using Portal.Web.Tests.Support;

namespace Portal.Web.Tests.Features.Deployments;

public sealed class DeployWindowTests(TestPortal portal) : IClassFixture<TestPortal>
{
    private const string Good = "services: {web: {image: 'web:1'}}";

    private static DateTimeOffset Now => TimeProvider.System.GetUtcNow();

    private static DeploymentRules Frozen { get; } = new()
    {
        Freezes = [new DeployFreeze(Now.UtcDateTime.Date.AddDays(-2), Now.UtcDateTime.Date.AddDays(3), "fair")],
    };

    private DeploymentCommands Commands => portal.Services.GetRequiredService<DeploymentCommands>();

    private DeploymentApprovals Approvals => portal.Services.GetRequiredService<DeploymentApprovals>();

    [Fact]
    public async Task Deployment_InAFreeze_WaitsUntilItsEndAsTheRulesAreThen()
    {
        var bench = await DeploymentBench.MakeAsync(portal, Good, Good);
        await bench.RuleAsync(Frozen);
        var older = await bench.OrderAsync(1, cause: DeploymentCause.Git);
        var newer = await bench.OrderAsync(2, cause: DeploymentCause.Git);

        var row = await bench.FindAsync(newer);
        Assert.Equal(("AwaitingWindow", (DateTimeOffset?)Now.UtcDateTime.Date.AddDays(3)), (row.State, row.OpensAt));
        Assert.Equal("Superseded", (await bench.FindAsync(older)).State);
        Assert.Null(await bench.Store.ClaimAsync(Guid.NewGuid(), default));
        await bench.HoldAsync();
        Assert.Equal("AwaitingWindow", (await bench.FindAsync(newer)).State);
        await bench.RuleAsync(Frozen with { Freezes = [Frozen.Freezes[0] with { To = Now.UtcDateTime.Date.AddDays(9) }] });
        await bench.HoldAsync();
        Assert.Equal(Now.UtcDateTime.Date.AddDays(9), (await bench.FindAsync(newer)).OpensAt);
        await bench.RuleAsync(DeploymentRules.None);
        await bench.HoldAsync();
        Assert.True(await bench.WorkAsync());
        Assert.Equal("Succeeded", (await bench.FindAsync(newer)).State);
    }

    [Fact]
    public async Task WayBack_ByHand_DoesNotWaitAndWhatOnlyCallsItselfSoDoes()
    {
        var bench = await DeploymentBench.MakeAsync(portal, Good, Good, Good);
        foreach (var revision in new[] { 1, 2 })
        {
            await bench.OrderAsync(revision);
            Assert.True(await bench.WorkAsync());
        }

        await bench.RuleAsync(Frozen);
        var back = await bench.OrderAsync(1, cause: DeploymentCause.Rollback);
        Assert.Equal("Queued", (await bench.FindAsync(back)).State);
        Assert.True(await bench.WorkAsync());
        var forward = await bench.OrderAsync(3, cause: DeploymentCause.Rollback);
        Assert.Equal("AwaitingWindow", (await bench.FindAsync(forward)).State);
        var stop = await bench.OrderAsync(1, DeploymentOperation.Stop);
        Assert.Equal("Queued", (await bench.FindAsync(stop)).State);
        Assert.True(await bench.WorkAsync());
    }

    [Fact]
    public async Task Override_ByWhoMay_BeginsAndIsOnRecord()
    {
        var (operators, deployer) = (await PersonAsync(BuiltInRoles.Operator), await PersonAsync(BuiltInRoles.Deployer));
        var bench = await DeploymentBench.MakeAsync(portal, Good);
        await bench.RuleAsync(Frozen);
        var asked = new DeploymentRequest(bench.Stack.Id, DeploymentOperation.Deploy, 1, "now") { OverridesWindow = true };

        await Assert.ThrowsAsync<AccessDeniedException>(() => Commands.OrderAsync(deployer, asked, default));
        var waits = await Commands.OrderAsync(deployer, asked with { OverridesWindow = false }, default);
        await Assert.ThrowsAsync<AccessDeniedException>(() => Approvals.BeginNowAsync(deployer, waits, "now", default));
        Assert.Equal("AwaitingWindow", (await bench.FindAsync(waits)).State);
        await Approvals.BeginNowAsync(operators, waits, "it burns", default);
        Assert.Equal("Queued", (await bench.FindAsync(waits)).State);
        await Assert.ThrowsAsync<StackException>(() => Approvals.BeginNowAsync(operators, waits, "it burns", default));
        var at = await Commands.OrderAsync(operators, asked, default);
        Assert.Equal("Queued", (await bench.FindAsync(at)).State);
        Assert.True(await bench.WorkAsync());
    }

    [Fact]
    public async Task Approved_InAFreeze_WaitsForItsEnd()
    {
        var bob = await PersonAsync(BuiltInRoles.Operator);
        var bench = await DeploymentBench.MakeAsync(portal, Good);
        bench.Node.Tags["web:1"] = "sha256:" + new string('1', 64);
        await bench.RuleAsync(Frozen with { ApprovalHours = 1 });
        var id = await bench.OrderAsync(1);
        await bench.HoldAsync();

        var released = await Approvals.ApproveAsync(bob, id, "", default);

        Assert.Equal("AwaitingWindow", released.State);
        await Approvals.BeginNowAsync(bob, id, "agreed", default);
        Assert.True(await bench.WorkAsync());
        Assert.Equal("Succeeded", (await bench.FindAsync(id)).State);
    }

    private async Task<ClaimsPrincipal> PersonAsync(string role)
    {
        var name = $"p-{Guid.NewGuid():N}";
        var id = await portal.AddPersonAsync(name, role);
        return new ClaimsPrincipal(new ClaimsIdentity([new Claim(ClaimTypes.NameIdentifier, $"{id}"), new Claim(ClaimTypes.Name, name)], "test"));
    }
}
