namespace Portal.Data.Entities.Jobs;

/// <summary>One time that a <see cref="ScheduledJob"/> was to be done.</summary>
public sealed class JobRun
{
    public Guid Id { get; set; }

    public Guid JobId { get; set; }

    /// <summary><c>Schedule</c>, <c>Missed</c> or <c>Person</c>.</summary>
    public string Cause { get; set; } = "";

    public string CauseText { get; set; } = "";

    /// <summary>Who asked for it; the job's owner when its time had come.</summary>
    public string ActorName { get; set; } = "";

    /// <summary>When it should have begun; null when a person asked.</summary>
    public DateTimeOffset? DueAt { get; set; }

    public DateTimeOffset CreatedAt { get; set; }

    /// <summary><c>Queued</c>, <c>Running</c>, <c>Succeeded</c>, <c>Failed</c>, <c>Refused</c> or <c>Skipped</c>.</summary>
    public string State { get; set; } = "";

    /// <summary>What came of it, for people.</summary>
    public string Message { get; set; } = "";

    public string Log { get; set; } = "";

    public DateTimeOffset? StartedAt { get; set; }

    public DateTimeOffset? FinishedAt { get; set; }

    /// <summary>Which worker has it, until the lease runs out.</summary>
    public Guid? WorkerId { get; set; }

    public DateTimeOffset? LeaseUntil { get; set; }

    /// <summary>How often it was begun.</summary>
    public int Attempt { get; set; }

    /// <summary>The file that it left, below the job's folder of archives; empty for none.</summary>
    public string Archive { get; set; } = "";

    public long ArchiveBytes { get; set; }

    /// <summary>The portal's host that has the file.</summary>
    public string ArchiveHost { get; set; } = "";
}
