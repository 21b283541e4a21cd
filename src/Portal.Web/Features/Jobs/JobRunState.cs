namespace Portal.Web.Features.Jobs;

/// <summary>How a run of a job stands. Names are kept in the database: never rename one.</summary>
internal static class JobRunState
{
    public const string Queued = "Queued";
    public const string Running = "Running";
    public const string Succeeded = "Succeeded";
    public const string Failed = "Failed";

    /// <summary>Whoever saved the job may not do any more what it does.</summary>
    public const string Refused = "Refused";

    /// <summary>The run before had not ended.</summary>
    public const string Skipped = "Skipped";
}
