using System.Collections.Concurrent;
using Portal.Web.Audit;

namespace Portal.Link.Tests.Environment;

internal sealed class RecordingAudit : IAuditLog
{
    public ConcurrentQueue<AuditEntry> Entries { get; } = new();

    public Task WriteAsync(AuditEntry entry, CancellationToken cancellationToken)
    {
        Entries.Enqueue(entry);
        return Task.CompletedTask;
    }
}
