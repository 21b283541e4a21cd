using System.Security.Claims;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Portal.Data;
using Portal.Data.Entities.Alerts;
using Portal.Web.Access;
using Portal.Web.Features.Alerts.Sending;
using Portal.Web.Features.Deployments;
using Portal.Web.Features.Deployments.Holding;
using Portal.Web.Features.Environments.Rules;
using Portal.Web.Features.Stacks;
using Portal.Web.Tests.Support;

namespace Portal.Web.Tests.Features.Deployments;

public sealed class DeploymentApprovalTests(TestPortal portal) : IClassFixture<TestPortal>
{
    private const string Good = "services: {web: {image: 'web:1'}}";
    private const string Bad = "services: {web: {image: 'web:bad'}}";
    private static readonly DeploymentRules s_approve = new() { ApprovalHours = 8 };
    private static readonly string s_first = "sha256:" + new string('1', 64);
    private static readonly string s_second = "sha256:" + new string('2', 64);

    private DeploymentApprovals Approvals => portal.Services.GetRequiredService<DeploymentApprovals>();

    [Fact]
    public async Task Deployment_ThatIsApproved_RunsWithTheImagesOfWhenItWasAskedFor()
    {
        var (ann, bob) = (await PersonAsync(BuiltInRoles.Administrator), await PersonAsync(BuiltInRoles.Operator));
        var bench = await MakeAsync(s_approve, Good);
        var others = await Approvals.CountAsync(bob, default);
        var id = await bench.OrderAsync(1, actor: ann.UserId());

        Assert.Equal("AwaitingApproval", (await bench.FindAsync(id)).State);
        Assert.Null(await bench.Store.ClaimAsync(Guid.NewGuid(), default));
        await Assert.ThrowsAsync<StackException>(() => Approvals.ApproveAsync(bob, id, "", default));
        await bench.HoldAsync();
        bench.Node.Tags["web:1"] = s_second;
        Assert.Equal(others + 1, await Approvals.CountAsync(bob, default));
        Assert.Equal(others, await Approvals.CountAsync(ann, default));
        await Approvals.ApproveAsync(bob, id, "fine", default);
        Assert.True(await bench.WorkAsync());

        var row = await bench.FindAsync(id);
        Assert.Equal(("Succeeded", bob.Identity!.Name, "fine"), (row.State, row.DecidedBy, row.Decision));
        Assert.Contains($"PULL web@{s_first}", bench.Node.Changes);
        Assert.DoesNotContain(bench.Node.Changes, change => change.Contains(s_second, StringComparison.Ordinal) || change == "PULL web:1");
        Assert.Equal(SimulatedNode.IdOf($"web@{s_first}"), bench.Node.Containers.Single().Image);
        Assert.Contains(await AuditAsync(bench), entry => entry == $"deployment.approve {bob.Identity.Name} succeeded");
    }

    [Fact]
    public async Task Deciding_ByWhoAskedOrTheirProgramOrAServiceAccount_IsRefusedAndOnRecord()
    {
        var (ann, bob) = (await PersonAsync(BuiltInRoles.Administrator), await PersonAsync(BuiltInRoles.Administrator));
        var robot = await PersonAsync(BuiltInRoles.Administrator, isServiceAccount: true);
        var bench = await MakeAsync(s_approve, Good);
        var id = await bench.OrderAsync(1, actor: ann.UserId());
        await bench.HoldAsync();
        var token = new ClaimsPrincipal(new ClaimsIdentity([.. ann.Claims, new Claim(PortalClaims.TokenName, "ci")], "test"));

        foreach (var person in new[] { ann, token, robot })
        {
            Assert.NotNull(await Approvals.WhyNotAsync(person, await bench.FindAsync(id), default));
            await Assert.ThrowsAsync<StackException>(() => Approvals.ApproveAsync(person, id, "", default));
            await Assert.ThrowsAsync<StackException>(() => Approvals.RefuseAsync(person, id, "no", default));
        }

        foreach (var role in new[] { BuiltInRoles.Deployer, BuiltInRoles.Viewer })
        {
            var person = await PersonAsync(role);
            await Assert.ThrowsAsync<AccessDeniedException>(() => Approvals.ApproveAsync(person, id, "", default));
            await Assert.ThrowsAsync<AccessDeniedException>(() => Approvals.RefuseAsync(person, id, "no", default));
        }

        await Assert.ThrowsAsync<StackException>(() => Approvals.ApproveAsync(new ClaimsPrincipal(), id, "", default));
        Assert.Equal("AwaitingApproval", (await bench.FindAsync(id)).State);
        Assert.Equal(6, (await AuditAsync(bench)).Count(entry => entry.EndsWith("denied", StringComparison.Ordinal)
            && entry.StartsWith("deployment.", StringComparison.Ordinal)));
        await Assert.ThrowsAsync<StackException>(() => Approvals.RefuseAsync(bob, id, "  ", default));
        await Approvals.RefuseAsync(bob, id, "not on a Friday", default);
        var row = await bench.FindAsync(id);
        Assert.Equal(("Refused", $"{bob.Identity!.Name} refused it: not on a Friday"), (row.State, row.Message));
        await Assert.ThrowsAsync<StackException>(() => Approvals.ApproveAsync(bob, id, "", default));
    }

    [Fact]
    public async Task Push_OfARevision_IsNotApprovedByItsAuthorNorByWhoFetchedIt()
    {
        var (author, fetcher) = (await PersonAsync(BuiltInRoles.Administrator), await PersonAsync(BuiltInRoles.Administrator));
        var other = await PersonAsync(BuiltInRoles.Administrator);
        var bench = await MakeAsync(s_approve, Good);
        await using (var database = await OpenAsync())
        {
            var id = author.UserId()!.Value;
            await database.StackRevisions.Where(row => row.StackId == bench.Stack.Id)
                .ExecuteUpdateAsync(change => change.SetProperty(row => row.AuthorId, id));
        }

        var order = new DeploymentOrder(bench.Stack.Id, 1, DeploymentCause.Git, "push", null, "Git") { AskedById = fetcher.UserId() };
        var pushed = await portal.Services.GetRequiredService<IDeployments>().EnqueueAsync(order, default);
        await bench.HoldAsync();

        await Assert.ThrowsAsync<StackException>(() => Approvals.ApproveAsync(author, pushed, "", default));
        await Assert.ThrowsAsync<StackException>(() => Approvals.ApproveAsync(fetcher, pushed, "", default));

        // Who stops the stack meanwhile is respected: the push was nobody's own wish.
        await bench.OrderAsync(1, DeploymentOperation.Stop);
        await Approvals.ApproveAsync(other, pushed, "", default);
        Assert.Equal("Skipped", (await bench.FindAsync(pushed)).State);
        Assert.True(await bench.WorkAsync());
    }

    [Fact]
    public async Task WayBack_OfWhatFails_WaitsForNobody()
    {
        var bob = await PersonAsync(BuiltInRoles.Administrator);
        var bench = await MakeAsync(DeploymentRules.None, Good, Bad);
        await bench.OrderAsync(1);
        Assert.True(await bench.WorkAsync());
        bench.Node.Tags["web:bad"] = s_second;
        await bench.RuleAsync(s_approve);
        var bad = await bench.OrderAsync(2);
        await bench.HoldAsync();
        await Approvals.ApproveAsync(bob, bad, "", default);
        Assert.True(await bench.WorkAsync());

        // Fixed images of the simulated node are all good: the tag alone makes it bad.
        Assert.Equal("Succeeded", (await bench.FindAsync(bad)).State);
        await bench.RuleAsync(DeploymentRules.None);
        var failing = await bench.OrderAsync(2, force: true);
        await bench.RuleAsync(s_approve);
        Assert.True(await bench.WorkAsync());
        Assert.Equal("RolledBack", (await bench.FindAsync(failing)).State);
        var restart = await bench.OrderAsync(1, DeploymentOperation.Restart);
        Assert.Equal("Queued", (await bench.FindAsync(restart)).State);
        Assert.True(await bench.WorkAsync());
    }

    [Fact]
    public async Task Newer_ThatWaitsForApproval_TakesThePlaceOfWhatWaitsTooAlone()
    {
        var bob = await PersonAsync(BuiltInRoles.Administrator);
        var bench = await MakeAsync(s_approve, Good, Good);
        var approved = await bench.OrderAsync(1);
        await bench.HoldAsync();
        await Approvals.ApproveAsync(bob, approved, "", default);
        var older = await bench.OrderAsync(1);
        var newer = await bench.OrderAsync(2);
        await bench.OrderAsync(1, DeploymentOperation.Restart);

        Assert.Equal("Superseded", (await bench.FindAsync(older)).State);
        Assert.Equal("AwaitingApproval", (await bench.FindAsync(newer)).State);
        Assert.True(await portal.Services.GetRequiredService<IDeployments>().CancelAsync(newer, "ann", default));
        Assert.Equal("Cancelled", (await bench.FindAsync(newer)).State);
        await using var database = await OpenAsync();
        await database.Deployments.Where(row => row.StackId == bench.Stack.Id && row.State == "Queued").ExecuteDeleteAsync();
    }

    [Fact]
    public async Task NobodyApproves_InTime_EndsItAndTellsWhoIsToBeTold()
    {
        var bob = await PersonAsync(BuiltInRoles.Administrator);
        var target = await AddTargetAsync();
        var bench = await MakeAsync(s_approve with { ApprovalTargets = [target] }, Good);
        var id = await bench.OrderAsync(1);
        await bench.HoldAsync();
        await bench.ChangeAsync(id, row => row.DecideUntil = TimeProvider.System.GetUtcNow().AddMinutes(-1));
        await Assert.ThrowsAsync<StackException>(() => Approvals.ApproveAsync(bob, id, "", default));

        await bench.HoldAsync();

        Assert.Equal("Expired", (await bench.FindAsync(id)).State);
        await using var database = await OpenAsync();
        var told = await database.AlertDeliveries.Where(row => row.TargetId == target).OrderBy(row => row.Id).Select(row => row.Message)
            .ToListAsync();
        Assert.Equal(
            ["Deployment of shop on node waits for approval", "Deployment of shop on node was not approved"],
            told.Select(message => AlertMessage.Parse(message).Title));
    }

    [Fact]
    public async Task Images_ThatTheRegistryDoesNotKnow_AreSaidAndCantBeApproved()
    {
        var bob = await PersonAsync(BuiltInRoles.Administrator);
        var bench = await MakeAsync(s_approve, "services: {web: {image: 'gone:1'}}");
        var id = await bench.OrderAsync(1);

        await bench.HoldAsync();

        var row = await bench.FindAsync(id);
        Assert.Null(row.PinnedAt);
        Assert.Contains("gone:1", row.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<StackException>(() => Approvals.ApproveAsync(bob, id, "", default));
    }

    private async Task<DeploymentBench> MakeAsync(DeploymentRules rules, params string[] files)
    {
        var bench = await DeploymentBench.MakeAsync(portal, files);
        await bench.RuleAsync(rules);
        bench.Node.Tags["web:1"] = s_first;
        return bench;
    }

    private async Task<ClaimsPrincipal> PersonAsync(string role, bool isServiceAccount = false)
    {
        var name = $"p-{Guid.NewGuid():N}";
        var id = await portal.AddPersonAsync(name, role);
        await using var database = await OpenAsync();
        await database.Users.Where(user => user.Id == id)
            .ExecuteUpdateAsync(change => change.SetProperty(user => user.IsServiceAccount, isServiceAccount));
        return new ClaimsPrincipal(new ClaimsIdentity([new Claim(ClaimTypes.NameIdentifier, $"{id}"), new Claim(ClaimTypes.Name, name)], "test"));
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

    private async Task<IReadOnlyList<string>> AuditAsync(DeploymentBench bench)
    {
        await using var database = await OpenAsync();
        var stack = $"{bench.Stack.Id}";
        return await database.AuditLog.Where(entry => entry.ObjectId == stack)
            .Select(entry => $"{entry.Action} {entry.ActorName} {entry.Outcome.ToLower()}").ToListAsync();
    }

    private Task<PortalDbContext> OpenAsync() =>
        portal.Services.GetRequiredService<IDbContextFactory<PortalDbContext>>().CreateDbContextAsync();
}
