namespace Portal.Web.Features.NodeCalls;

/// <summary>What a prune was asked to take, for the audit log: in the words of Docker's filters.</summary>
internal static class PruneText
{
    public static string Describe(IEnumerable<string> labels, IEnumerable<string> excludedLabels, DateTimeOffset? until = null)
    {
        IEnumerable<string> age = until is { } moment ? [$"until={moment:u}"] : [];
        return string.Join(
            ' ', age.Concat(labels.Select(label => $"label={label}")).Concat(excludedLabels.Select(label => $"label!={label}")));
    }
}
