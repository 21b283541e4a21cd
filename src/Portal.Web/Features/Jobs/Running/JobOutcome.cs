namespace Portal.Web.Features.Jobs.Running;

/// <summary>What came of a run.</summary>
/// <param name="State">One of <see cref="JobRunState"/> that is for good.</param>
/// <param name="Message">For people.</param>
internal sealed record JobOutcome(string State, string Message)
{
    /// <value>The file that it left; empty for none.</value>
    public string Archive { get; init; } = "";

    public long ArchiveBytes { get; init; }

    public static JobOutcome Succeeded(string message) => new(JobRunState.Succeeded, message);

    public static JobOutcome Failed(string message) => new(JobRunState.Failed, message);
}
