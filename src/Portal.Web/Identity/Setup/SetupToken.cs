using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using Portal.Data;

namespace Portal.Web.Identity.Setup;

/// <summary>The one-time token with which the first administrator is set up: the database has its hash, so that every portal of it knows it.</summary>
/// <remarks>Singleton; any thread.</remarks>
internal sealed class SetupToken(IDbContextFactory<PortalDbContext> contexts, TimeProvider time)
{
    /// <summary>In <c>PORTAL_RUN</c>: holds the token for its owner alone.</summary>
    public const string FileName = "setup-token";

    private const string Key = "setup-token-hash";

    /// <summary>Whether anybody can be set up: there is a token and nobody yet.</summary>
    public async Task<bool> IsOpenAsync(CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        return await context.Settings.AnyAsync(setting => setting.Key == Key, cancellationToken)
            && !await context.Users.AnyAsync(cancellationToken);
    }

    public async Task<bool> IsGoodAsync(string token, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var hash = await context.Settings.AsNoTracking().Where(setting => setting.Key == Key)
            .Select(setting => setting.Value).SingleOrDefaultAsync(cancellationToken);
        return hash is not null && CryptographicOperations.FixedTimeEquals(Convert.FromHexString(hash), LinkSecret.HashOf(token));
    }

    public Task SetAsync(PortalDbContext context, string token, CancellationToken cancellationToken)
    {
        var hash = Convert.ToHexString(LinkSecret.HashOf(token));
        return context.Database.ExecuteSqlAsync(
            $"""
            insert into settings (key, value, updated_at) values ({Key}, {hash}, {time.GetUtcNow()})
            on conflict (key) do update set value = excluded.value, updated_at = excluded.updated_at
            """,
            cancellationToken);
    }

    public Task WithdrawAsync(PortalDbContext context, CancellationToken cancellationToken) =>
        context.Settings.Where(setting => setting.Key == Key).ExecuteDeleteAsync(cancellationToken);
}
