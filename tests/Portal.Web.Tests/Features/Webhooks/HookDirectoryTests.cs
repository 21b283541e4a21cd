using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Portal.Data;
using Portal.Web.Access;
using Portal.Web.Features.Webhooks;
using Portal.Web.Features.Webhooks.Matching;
using Portal.Web.Tests.Support;

namespace Portal.Web.Tests.Features.Webhooks;

[Collection(HookCollection.Name)]
public sealed class HookDirectoryTests(HookPortal portal)
{
    [Fact]
    public async Task Webhook_SecretIsShownOnceAndKeptEncrypted()
    {
        var (hook, secret, stack) = await portal.AddHookAsync(HookProvider.GitLab);

        Assert.StartsWith("whsec_", secret, StringComparison.Ordinal);
        await using var database = await portal.Application.Services.GetRequiredService<IDbContextFactory<PortalDbContext>>()
            .CreateDbContextAsync();
        var row = await database.Webhooks.SingleAsync(row => row.Id == hook);
        Assert.DoesNotContain(secret, row.KeptSecret, StringComparison.Ordinal);
        var secrets = portal.Application.Services.GetRequiredService<HookSecrets>();
        Assert.Equal(secret, secrets.Unprotect(hook, row.KeptSecret));
        Assert.Null(secrets.Unprotect(stack, row.KeptSecret));
        Assert.Equal("", (await portal.Directory.FindAsync(portal.Deployer, hook, default))!.Hook.KeptSecret);
        Assert.All(await portal.Directory.ListAsync(portal.Deployer, default), line => Assert.Equal("", line.Hook.KeptSecret));
    }

    [Fact]
    public async Task Webhook_NewSecret_TheOldOneIsGoodNoMore()
    {
        var (hook, secret, _) = await portal.AddHookAsync(HookProvider.GitHub);
        var made = await portal.Directory.RotateAsync(portal.Deployer, hook, default);
        using var sender = portal.CreateSender();

        Assert.Equal(404, (int)(await sender.SendAsync(HookPortal.GitHub(hook, secret, HookPortal.PushOf()))).StatusCode);
        Assert.Equal(202, (int)(await sender.SendAsync(HookPortal.GitHub(hook, made!.Secret, HookPortal.PushOf()))).StatusCode);
    }

    [Fact]
    public async Task Webhook_OfWhoMayNot_IsNotThereAndNotChanged()
    {
        var (hook, _, stack) = await portal.AddHookAsync(HookProvider.GitHub);
        var other = await portal.Portal.AddNodeAsync($"elsewhere-{Guid.NewGuid():N}"[..20]);
        var viewer = await portal.PersonAsync($"viewer-{hook:N}", BuiltInRoles.Viewer);
        var developer = await portal.PersonAsync($"developer-{hook:N}", BuiltInRoles.Developer);
        var elsewhere = await portal.PersonAsync($"elsewhere-{hook:N}", BuiltInRoles.Deployer, other);
        var draft = new HookDraft(stack, "mine", HookProvider.GitHub, new HookFilters());

        Assert.Null(await portal.Directory.FindAsync(viewer, hook, default));
        Assert.NotNull(await portal.Directory.FindAsync(developer, hook, default));
        Assert.Null(await portal.Directory.FindAsync(elsewhere, hook, default));
        Assert.DoesNotContain(await portal.Directory.ListAsync(elsewhere, default), line => line.Id == hook);
        foreach (var person in (System.Security.Claims.ClaimsPrincipal[])[viewer, developer, elsewhere])
        {
            await Assert.ThrowsAsync<AccessDeniedException>(() => portal.Directory.CreateAsync(person, draft, default));
            await Assert.ThrowsAsync<AccessDeniedException>(() => portal.Directory.UpdateAsync(person, hook, draft, default));
            await Assert.ThrowsAsync<AccessDeniedException>(() => portal.Directory.RotateAsync(person, hook, default));
            await Assert.ThrowsAsync<AccessDeniedException>(() => portal.Directory.SetEnabledAsync(person, hook, false, default));
            await Assert.ThrowsAsync<AccessDeniedException>(() => portal.Directory.RedeliverAsync(person, hook, hook, default));
            await Assert.ThrowsAsync<AccessDeniedException>(() => portal.Directory.RemoveAsync(person, hook, default));
        }

        Assert.True((await portal.Directory.FindAsync(portal.Deployer, hook, default))!.Hook.Enabled);
    }

    [Fact]
    public async Task Webhook_ThatIsWrong_IsNotSaved()
    {
        var (hook, _, stack) = await portal.AddHookAsync(HookProvider.Bitbucket);
        var known = (await portal.Directory.FindAsync(portal.Deployer, hook, default))!.Name;
        var draft = new HookDraft(stack, known, HookProvider.Bitbucket, new HookFilters());
        HookDraft[] wrong =
        [
            draft, draft with { Name = " " }, draft with { Name = new string('x', 129) }, draft with { Name = "a\u0000" },
            draft with { Name = "x", Filters = new HookFilters { Paths = ["a"] } },
            draft with { Name = "x", Filters = new() { Pushes = false } },
        ];

        foreach (var one in wrong)
        {
            await Assert.ThrowsAsync<HookException>(() => portal.Directory.CreateAsync(portal.Deployer, one, default));
        }

        await Assert.ThrowsAsync<HookException>(() =>
            portal.Directory.UpdateAsync(portal.Deployer, hook, draft with { Provider = HookProvider.GitHub }, default));
        Assert.True(await portal.Directory.RemoveAsync(portal.Deployer, hook, default));
        Assert.False(await portal.Directory.RemoveAsync(portal.Deployer, hook, default));
    }
}
