using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Data.Entities;

namespace Portal.Web.Audit;

/// <remarks>Singleton; any thread.</remarks>
internal sealed class DatabaseAuditLog(IDbContextFactory<PortalDbContext> contexts, TimeProvider time) : IAuditLog
{
    public async Task WriteAsync(AuditEntry entry, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        context.AuditLog.Add(new AuditRecord
        {
            At = time.GetUtcNow(),
            ActorId = entry.Actor.UserId,
            ActorName = Fit(entry.Actor.UserName, 256),
            Address = Fit(entry.Actor.Address, 64),
            Action = Fit(entry.Action, 64),
            ObjectType = Fit(entry.ObjectType, 64),
            ObjectId = Fit(entry.ObjectId, 256),
            ObjectName = Fit(entry.ObjectName, 512),
            NodeId = entry.NodeId,
            Outcome = NameOf(entry.Outcome),
            Detail = Fit(entry.Detail, 4096),
        });
        await context.SaveChangesAsync(cancellationToken);
    }

    internal static string NameOf(AuditOutcome outcome) => outcome switch
    {
        AuditOutcome.Succeeded => "succeeded",
        AuditOutcome.Failed => "failed",
        AuditOutcome.Denied => "denied",
        _ => throw new ArgumentOutOfRangeException(nameof(outcome), outcome, null),
    };

    // Names come from people and machines. PostgreSQL refuses NUL and half a surrogate pair; an entry that is cut is better than none.
    private static string Fit(string text, int length)
    {
        var clean = text.Replace('\0', '\uFFFD');
        if (clean.Length > length)
        {
            clean = clean[..length];
        }

        return clean.Any(char.IsSurrogate) ? new string([.. clean.EnumerateRunes().SelectMany(rune => rune.ToString())]) : clean;
    }
}
