namespace Portal.Contracts.Metrics;

/// <summary>The names of the metrics that were begun.</summary>
internal sealed class MetricFamilies
{
    private readonly HashSet<string> _names = new(StringComparer.Ordinal);

    /// <exception cref="ArgumentException">It was begun before, or the name is none.</exception>
    public void Begin(string name)
    {
        if (name.Length == 0 || char.IsAsciiDigit(name[0])
            || !name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '_' or ':'))
        {
            throw new ArgumentException($"'{name}' is no name of a metric.", nameof(name));
        }

        if (!_names.Add(name))
        {
            throw new ArgumentException($"The metric '{name}' was begun before.", nameof(name));
        }
    }
}
