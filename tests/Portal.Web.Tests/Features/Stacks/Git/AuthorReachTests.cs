using System.Security.Claims;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Portal.Contracts.Permissions;
using Portal.Data;
using Portal.Data.Entities.Deployments;
using Portal.Data.Entities.Stacks;
using Portal.Web.Access;
using Portal.Web.Features.Deployments.Running;
using Portal.Web.Features.Stacks;
using Portal.Web.Features.Stacks.Sources;
using Portal.Web.Features.Tokens;

namespace Portal.Web.Tests.Features.Stacks.Git;

/// <summary>What is deployed without anybody asking may do what whoever wrote it could do when they wrote it, and no more.</summary>
public sealed class AuthorReachTests(SourcePortal portal) : IClassFixture<SourcePortal>
{
    private const string HostFile = "services: {web: {image: one, volumes: ['/etc:/host']}}\n";

    private StackDirectory Stacks => portal.Services.GetRequiredService<StackDirectory>();

    private StackSourceDirectory Sources => portal.Services.GetRequiredService<StackSourceDirectory>();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Revision_ThatATokenWrote_ReachesWhatTheTokenReaches(bool hasHostPaths)
    {
        var (_, id, name) = await portal.StackAsync();
        var admin = await portal.PersonAsync(BuiltInRoles.Administrator, null);
        string[] permissions = [PermissionNames.StacksView, PermissionNames.StacksEdit, PermissionNames.StacksDeploy];
        var token = await ByTokenAsync(admin, hasHostPaths ? [.. permissions, PermissionNames.ContainersHostPaths] : permissions);
        await Stacks.SaveAsync(token, await DraftAsync(id, name, 1, HostFile), default);
        await Stacks.SaveAsync(admin, await DraftAsync(id, name, 2, HostFile), default);

        var (byToken, asked) = (await RightsAsync(id, 2, null), await RightsAsync(id, 2, admin));
        var inSession = await RightsAsync(id, 3, null);

        Assert.Equal(hasHostPaths, byToken.Contains(PermissionNames.ContainersHostPaths));
        Assert.DoesNotContain(PermissionNames.ContainersPrivileged, byToken);
        Assert.Contains(PermissionNames.ContainersHostPaths, asked);
        Assert.Contains(PermissionNames.ContainersHostPaths, inSession);
    }

    [Fact]
    public async Task Commit_WithValuesOfSomebodyElse_ReachesWhatBothReach()
    {
        var (deployer, id, name) = await portal.StackAsync();
        var admin = await portal.PersonAsync(BuiltInRoles.Administrator, null);
        await World.CommitAsync(name, ("compose.yaml", "services: {web: {image: '${TAG}'}}\n"));
        await Sources.SaveAsync(admin, id, portal.Input(name), default);

        await Sources.RefreshAsync(admin, id, default);
        var withOthersValues = await RightsAsync(id, 2, null);
        await World.CommitAsync(name, ("compose.yaml", "services: {web: {image: '${TAG}', init: true}}\n"));
        await Sources.RefreshAsync(deployer, id, default);
        var later = await RightsAsync(id, 3, null);
        var files = (await Stacks.ReadFilesAsync(admin, id, 3, default))!;
        await Stacks.SaveAsync(admin, (await DraftAsync(id, name, 3, HostFile)) with { Files = files, Values = "TAG=2" }, default);
        await World.CommitAsync(name, ("compose.yaml", "services: {web: {image: '${TAG}', init: false}}\n"));
        await Sources.RefreshAsync(admin, id, default);

        Assert.DoesNotContain(PermissionNames.ContainersHostPaths, withOthersValues);
        Assert.DoesNotContain(PermissionNames.ContainersHostPaths, later);
        Assert.Contains(PermissionNames.ContainersHostPaths, await RightsAsync(id, 5, null));
    }

    private GitWorld World => portal.World;

    private async Task<StackDraft> DraftAsync(Guid id, string name, int basis, string file)
    {
        await using var database = await OpenAsync();
        var node = (await database.Stacks.SingleAsync(stack => stack.Id == id)).NodeId;
        return new StackDraft(id, node, name, basis, file, "", "");
    }

    // Those of a revision's deployment that reach the host.
    private async Task<IReadOnlyList<string>> RightsAsync(Guid id, int number, ClaimsPrincipal? asker)
    {
        await using var database = await OpenAsync();
        StackRevision revision = await database.StackRevisions.SingleAsync(row => row.StackId == id && row.Number == number);
        var deployment = new Deployment
        {
            StackId = id,
            NodeId = (await database.Stacks.SingleAsync(stack => stack.Id == id)).NodeId,
            ActorId = asker is null ? null : Guid.Parse(asker.FindFirstValue(ClaimTypes.NameIdentifier)!),
            Phase = "Check",
        };
        var rights = await portal.Services.GetRequiredService<DeploymentPeople>().RightsAsync(deployment, deployment.NodeId, [revision], default);
        string[] all = [PermissionNames.ContainersHostPaths, PermissionNames.ContainersPrivileged];
        return [.. all.Except(rights.Missing(all))];
    }

    private async Task<ClaimsPrincipal> ByTokenAsync(ClaimsPrincipal owner, IReadOnlyList<string> permissions)
    {
        var name = $"program-{Guid.NewGuid():N}";
        var input = new TokenInput { Name = name, Permissions = permissions };
        var made = await portal.Services.GetRequiredService<TokenDirectory>().CreateAsync(owner, input, default);
        Assert.Null(made.Error);
        await using var database = await OpenAsync();
        var token = (await database.ApiTokens.SingleAsync(row => row.Name == name)).Id;
        Claim[] more = [new Claim(PortalClaims.TokenId, $"{token}"), new Claim(PortalClaims.TokenName, name)];
        return new ClaimsPrincipal(new ClaimsIdentity([.. owner.Claims, .. more], "test"));
    }

    private Task<PortalDbContext> OpenAsync() =>
        portal.Services.GetRequiredService<IDbContextFactory<PortalDbContext>>().CreateDbContextAsync();
}
