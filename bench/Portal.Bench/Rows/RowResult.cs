namespace Portal.Bench.Rows;

/// <summary>What a row came to.</summary>
/// <param name="Row">The row.</param>
/// <param name="Figures">By peer: all rounds' figures, sorted. Empty where it could not be measured.</param>
/// <param name="Problems">By peer: why it could not be measured.</param>
public sealed record RowResult(Row Row, IReadOnlyDictionary<string, double[]> Figures, IReadOnlyDictionary<string, string> Problems)
{
    public double? Median(string peer) =>
        Figures.TryGetValue(peer, out var figures) && figures.Length > 0 ? figures[figures.Length / 2] : null;
}
