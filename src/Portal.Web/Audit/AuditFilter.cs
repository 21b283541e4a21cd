using Portal.Data.Entities;

namespace Portal.Web.Audit;

/// <summary>Which entries of the audit log to show; what is null or empty does not restrict.</summary>
public sealed record AuditFilter
{
    /// <summary>Part of the actor's, the object's name or the action.</summary>
    public string? Text { get; init; }

    public AuditOutcome? Outcome { get; init; }

    public DateTimeOffset? From { get; init; }

    public DateTimeOffset? To { get; init; }

    /// <summary>Only entries older than this one: for paging.</summary>
    public long? Before { get; init; }

    internal IQueryable<AuditRecord> Apply(IQueryable<AuditRecord> records)
    {
        if (!string.IsNullOrWhiteSpace(Text))
        {
            var text = Text.Trim().ToUpperInvariant();
            records = records.Where(record => record.ActorName.ToUpper().Contains(text)
                || record.ObjectName.ToUpper().Contains(text)
                || record.Action.ToUpper().Contains(text)
                || record.Address.ToUpper().Contains(text));
        }

        if (Outcome is { } outcome)
        {
            var name = DatabaseAuditLog.NameOf(outcome);
            records = records.Where(record => record.Outcome == name);
        }

        if (From is { } from)
        {
            records = records.Where(record => record.At >= from.ToUniversalTime());
        }

        if (To is { } to)
        {
            records = records.Where(record => record.At < to.ToUniversalTime());
        }

        return Before is { } before ? records.Where(record => record.Id < before) : records;
    }
}
