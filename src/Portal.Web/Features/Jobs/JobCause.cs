namespace Portal.Web.Features.Jobs;

/// <summary>Why a run of a job is. Names are kept in the database: never rename one.</summary>
internal static class JobCause
{
    public const string Schedule = "Schedule";

    /// <summary>Its time had come while no portal ran.</summary>
    public const string Missed = "Missed";
    public const string Person = "Person";
}
