namespace Portal.Web.Features.Pruning;

/// <summary>What the form of a prune says.</summary>
public sealed class PruneSettings
{
    /// <summary>True for all that nothing uses, false for those of them that nobody named.</summary>
    public bool All { get; set; }

    /// <summary>Only what was made at least so many hours ago; 0 for any.</summary>
    public int OlderThanHours { get; set; }

    /// <summary>Only what has these labels: <c>key</c> or <c>key=value</c>, with blanks or commas between.</summary>
    public string Labels { get; set; } = "";

    /// <summary>Nothing that has any of these.</summary>
    public string ExcludedLabels { get; set; } = "";

    /// <summary><see cref="Labels"/>, one by one.</summary>
    public IEnumerable<string> LabelList => Split(Labels);

    /// <summary><see cref="ExcludedLabels"/>, one by one.</summary>
    public IEnumerable<string> ExcludedLabelList => Split(ExcludedLabels);

    private static string[] Split(string labels) =>
        labels.Split([' ', ',', '\n', '\t'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
