namespace Portal.Web.Audit;

/// <summary>The append-only record of every change, sign-in, denied attempt and console.</summary>
public interface IAuditLog
{
    /// <summary>Writes an entry. Waits for the database: what can't be recorded must not be done.</summary>
    Task WriteAsync(AuditEntry entry, CancellationToken cancellationToken);
}
