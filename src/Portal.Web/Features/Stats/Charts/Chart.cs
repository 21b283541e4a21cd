namespace Portal.Web.Features.Stats.Charts;

/// <summary>A chart, as <c>js/charts.js</c> draws it.</summary>
/// <param name="Name">Names its place in the page.</param>
/// <param name="Title">What people read above it.</param>
/// <param name="Unit"><c>percent</c>, <c>bytes</c>, <c>rate</c> (bytes a second) or <c>number</c>.</param>
/// <param name="Least">How high its axis is at least.</param>
/// <param name="Series">The names of its lines.</param>
/// <param name="Lines">Lines without what is below them filled.</param>
internal sealed record Chart(string Name, string Title, string Unit, double Least, IReadOnlyList<string> Series, bool Lines = false)
{
    /// <summary>With its texts in the reader's language.</summary>
    public Chart InTheirLanguage() => this with { Title = T(Title), Series = [.. Series.Select(series => T(series))] };
}
