using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;
using Portal.Data;

namespace Portal.Web.Audit.Chain;

/// <summary>
/// The key of the audit log's chain. It is in the database, encrypted with the key file (docs/adr/0007-secrets-in-the-database.md): who can write the
/// database, but has no portal, can't make hashes that fit.
/// </summary>
/// <remarks>Singleton; any thread.</remarks>
internal sealed class AuditChainKey(IDbContextFactory<PortalDbContext> contexts, IDataProtectionProvider protection, TimeProvider time)
{
    private const string Setting = "audit-chain-key";
    private const string Purpose = "Portal.Audit.Chain.v1";
    private byte[]? _key;

    public async ValueTask<byte[]> ReadAsync(CancellationToken cancellationToken)
    {
        if (_key is { } known)
        {
            return known;
        }

        var protector = protection.CreateProtector(Purpose);
        var made = Convert.ToBase64String(protector.Protect(RandomNumberGenerator.GetBytes(32)));
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);

        // Of portals that start at once, the first one's key is everybody's.
        await context.Database.ExecuteSqlAsync(
            $"insert into settings (key, value, updated_at) values ({Setting}, {made}, {time.GetUtcNow()}) on conflict (key) do nothing",
            cancellationToken);
        var kept = await context.Settings.AsNoTracking().Where(setting => setting.Key == Setting)
            .Select(setting => setting.Value).SingleAsync(cancellationToken);
        return _key = protector.Unprotect(Convert.FromBase64String(kept));
    }
}
