using System.Collections.Immutable;
using System.Security.Claims;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Portal.Compose.Planning;
using Portal.Contracts.Hubs;
using Portal.Data;
using Portal.Web.Access;
using Portal.Web.Features.Stacks;
using Portal.Web.Features.Updates;
using Portal.Web.Tests.Support;

namespace Portal.Web.Tests.Features.Stacks;

public sealed class StackDirectoryTests(TestPortal portal) : IClassFixture<TestPortal>
{
    private const string File = "services: {web: {image: 'busybox:${TAG}', environment: {PASSWORD: '${PASSWORD}'}}}\n";

    private StackDirectory Directory => portal.Services.GetRequiredService<StackDirectory>();

    [Fact]
    public async Task Stack_ThatIsSaved_HasRevisionsAndKeepsItsValuesHidden()
    {
        var (user, node) = (await PersonAsync("stack-keeper", BuiltInRoles.Deployer), await portal.AddNodeAsync("stack-node"));
        var draft = new StackDraft(null, node, "shop", 0, File, "TAG=1\nPASSWORD=very-secret=1\n", "first");
        var id = await Directory.SaveAsync(user, draft, default);
        await Directory.SaveAsync(user, draft with { Id = id, Basis = 1, Values = "TAG=2", Message = "second" }, default);

        var (stack, revisions) = (await Directory.FindAsync(user, id, default))!.Value;

        Assert.Equal((2, "stack-node"), (stack.Revision, stack.NodeName));
        Assert.Equal([("second", "PASSWORD TAG"), ("first", "PASSWORD TAG")],
            revisions.Select(revision => (revision.Message, revision.ValueNames)));
        Assert.All(revisions, revision => Assert.Equal(("", "stack-keeper"), (revision.KeptValues, revision.AuthorName)));
        await using var database = await portal.Services.GetRequiredService<IDbContextFactory<PortalDbContext>>().CreateDbContextAsync();
        var rows = await database.StackRevisions.Where(revision => revision.StackId == id).OrderBy(revision => revision.Number)
            .ToListAsync();
        Assert.All(rows, row => Assert.DoesNotContain("very-secret", row.KeptValues + row.File, StringComparison.Ordinal));
        var secrets = portal.Services.GetRequiredService<StackSecrets>();
        Assert.Equal(["very-secret=1", "very-secret=1"], rows.Select(row => secrets.Unprotect(id, row.KeptValues)["PASSWORD"]));
        Assert.Equal(["1", "2"], rows.Select(row => secrets.Unprotect(id, row.KeptValues)["TAG"]));
        Assert.Throws<StackException>(() => secrets.Unprotect(Guid.NewGuid(), rows[0].KeptValues));
    }

    [Fact]
    public async Task Stack_ThatSomebodyElseChanged_IsNotWrittenOver()
    {
        var (user, node) = (await PersonAsync("stack-two", BuiltInRoles.Deployer), await portal.AddNodeAsync("stack-race"));
        var draft = new StackDraft(null, node, "race", 0, "services: {web: {image: a}}", "", "");
        var id = await Directory.SaveAsync(user, draft, default);
        await Directory.SaveAsync(user, draft with { Id = id, Basis = 1 }, default);

        var late = await Assert.ThrowsAsync<StackException>(() => Directory.SaveAsync(user, draft with { Id = id, Basis = 1 }, default));
        var twice = await Assert.ThrowsAsync<StackException>(() => Directory.SaveAsync(user, draft, default));

        Assert.Contains("meanwhile", late.Message, StringComparison.Ordinal);
        Assert.Contains("already", twice.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stack_WithAWrongFile_IsNotSaved()
    {
        var (user, node) = (await PersonAsync("stack-wrong", BuiltInRoles.Deployer), await portal.AddNodeAsync("stack-wrong"));
        var draft = new StackDraft(null, node, "wrong", 0, "services:\n  web:\n    image: a\n    scale: ${N}\n", "N=hidden-value", "");

        var check = await Directory.CheckAsync(user, draft, default);

        Assert.Equal(4, Assert.Single(check.Problems).Mark.Line);
        Assert.DoesNotContain("hidden-value", check.Problems[0].Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<StackException>(() => Directory.SaveAsync(user, draft, default));
        await Assert.ThrowsAsync<StackException>(() =>
            Directory.SaveAsync(user, draft with { Values = "N=1", Name = "Not A Name" }, default));
        Assert.DoesNotContain(await Directory.ListAsync(user, default), line => line.Name == "wrong");
    }

    [Fact]
    public async Task Stack_OnANodeOfOthers_IsNeitherSeenNorChanged()
    {
        var (mine, theirs) = (await portal.AddNodeAsync("stack-mine"), await portal.AddNodeAsync("stack-theirs"));
        var owner = await PersonAsync("stack-owner", BuiltInRoles.Deployer);
        var other = await PersonAsync("stack-other", BuiltInRoles.Deployer, mine);
        var viewer = await PersonAsync("stack-viewer", BuiltInRoles.Viewer);
        var draft = new StackDraft(null, theirs, "private", 0, "services: {web: {image: a}}", "", "");
        var id = await Directory.SaveAsync(owner, draft, default);
        var change = draft with { Id = id, NodeId = mine, Basis = 1 };

        Assert.Null(await Directory.FindAsync(other, id, default));
        Assert.DoesNotContain(await Directory.ListAsync(other, default), line => line.Id == id);
        Assert.NotNull(await Directory.FindAsync(viewer, id, default));
        foreach (var user in new[] { other, viewer })
        {
            await Assert.ThrowsAsync<AccessDeniedException>(() => Directory.SaveAsync(user, change, default));
            await Assert.ThrowsAsync<AccessDeniedException>(() => Directory.CheckAsync(user, change, default));
            await Assert.ThrowsAsync<AccessDeniedException>(() => Directory.RemoveAsync(user, id, default));
        }

        await Directory.RemoveAsync(owner, id, default);
        Assert.Null(await Directory.FindAsync(owner, id, default));
    }

    [Fact]
    public async Task Project_ThatRuns_IsListedAndCompared()
    {
        var (user, id) = (await PersonAsync("stack-adopter", BuiltInRoles.Deployer), await portal.AddNodeAsync("stack-runs"));
        var node = portal.Fleet.Current.Nodes[id];
        ContainerView[] containers = [Container("1", "web", "running"), Container("2", "db", "exited")];
        portal.Fleet.Set(node with { Containers = containers.ToImmutableDictionary(container => container.Id) });

        var line = Assert.Single(RunningStacks.List([portal.Fleet.Current.Nodes[id]], [], new ImageUpdates()));
        var check = await Directory.CheckAsync(user, new StackDraft(null, id, "found", 0, "services: {web: {image: a}}", "", ""), default);

        Assert.Null(line.Id);
        Assert.Equal(("found", 2, 1, "db,web"), (line.Name, line.Containers, line.Running, string.Join(',', line.Services)));
        var steps = check.Plan!.Changes.Where(step => step.Subject == PlanSubject.Container).Select(step => $"{step.Action} {step.Name}");
        Assert.Equal(["Recreate found-web-1", "Remove found-db-1"], steps);
    }

    [Theory]
    [InlineData("1NAME=x")]
    [InlineData("=x")]
    [InlineData("A B=x")]
    public void Values_ThatCannotBeRead_AreToldByLine(string line)
    {
        var (values, problem) = StackValues.Apply(new Dictionary<string, string>(), $"A=1\n{line}\n");

        Assert.Null(values);
        Assert.Equal("Line 2 of the values is no NAME=value.", problem);
    }

    [Fact]
    public void Values_AreSetKeptAndTakenAway()
    {
        var old = new Dictionary<string, string> { ["KEPT"] = "k", ["GONE"] = "g", ["NEW"] = "old" };

        var (values, _) = StackValues.Apply(old, "GONE\r\n\nNEW=a=b \n");

        Assert.Equal([("KEPT", "k"), ("NEW", "a=b ")], values!.Select(pair => (pair.Key, pair.Value)).Order());
    }

    private static ContainerView Container(string id, string service, string state) => new()
    {
        Id = id,
        Name = $"found-{service}-1",
        State = state,
        Labels = new Dictionary<string, string>
        {
            [ComposeLabels.Project] = "found", [ComposeLabels.Service] = service, [ComposeLabels.Number] = "1",
                [ComposeLabels.ConfigHash] = "theirs",
        },
    };

    private async Task<ClaimsPrincipal> PersonAsync(string name, string role, Guid? node = null)
    {
        var id = await portal.AddPersonAsync(name, role, node);
        return new ClaimsPrincipal(
            new ClaimsIdentity([new Claim(ClaimTypes.NameIdentifier, id.ToString()), new Claim(ClaimTypes.Name, name)], "test"));
    }
}
