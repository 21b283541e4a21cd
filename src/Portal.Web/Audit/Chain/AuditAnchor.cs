using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Portal.Data;

namespace Portal.Web.Audit.Chain;

/// <summary>Where the chain goes on from, once its beginning was removed by the retention.</summary>
/// <param name="LastId">The last entry that was removed.</param>
/// <param name="Hash">Its hash; of a log from before the chain, its start.</param>
/// <param name="Seal">HMAC of the two: the anchor can't be moved by who has the database alone.</param>
internal sealed record AuditAnchor(long LastId, byte[] Hash, byte[] Seal)
{
    private const string Setting = "audit-anchor";

    public static AuditAnchor Of(byte[] key, long lastId, byte[] hash) => new(lastId, hash, SealOf(key, lastId, hash));

    public bool IsSealedBy(byte[] key) => CryptographicOperations.FixedTimeEquals(Seal, SealOf(key, LastId, Hash));

    public static async Task<AuditAnchor?> ReadAsync(PortalDbContext context, CancellationToken cancellationToken)
    {
        var text = await context.Settings.AsNoTracking().Where(setting => setting.Key == Setting)
            .Select(setting => setting.Value).SingleOrDefaultAsync(cancellationToken);
        return text is null ? null : JsonSerializer.Deserialize<AuditAnchor>(text);
    }

    public Task WriteAsync(PortalDbContext context, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var text = JsonSerializer.Serialize(this);
        return context.Database.ExecuteSqlAsync(
            $"""
            insert into settings (key, value, updated_at) values ({Setting}, {text}, {now})
            on conflict (key) do update set value = excluded.value, updated_at = excluded.updated_at
            """,
            cancellationToken);
    }

    private static byte[] SealOf(byte[] key, long lastId, byte[] hash) =>
        HMACSHA256.HashData(key, (byte[])[.. Encoding.ASCII.GetBytes($"anchor:{lastId}:"), .. hash]);
}
