namespace Portal.Web.Features.Deployments.Running;

/// <summary>A step that is being done: what is said of it meanwhile.</summary>
internal sealed class DeploymentStepWriter(DeploymentJournal journal, int number, TimeProvider time)
{
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(400);
    private readonly Dictionary<string, StepPart> _parts = new(StringComparer.Ordinal);
    private long _reported;

    public int Number => number;

    /// <summary>What came of it, or how it goes.</summary>
    public string Detail { get; set; } = "";

    public IEnumerable<StepPart> Parts => _parts.Values;

    /// <summary>Tells how a part of it goes; written down now and then.</summary>
    public async Task ReportAsync(StepPart part, CancellationToken cancellationToken)
    {
        _parts[part.Name] = part;
        if (_reported == 0 || time.GetElapsedTime(_reported) > s_pause)
        {
            _reported = time.GetTimestamp();
            await journal.ReportAsync(this, cancellationToken);
        }
    }

    public async Task SayAsync(string detail, CancellationToken cancellationToken)
    {
        if (detail != Detail)
        {
            Detail = detail;
            await journal.ReportAsync(this, cancellationToken);
        }
    }
}
