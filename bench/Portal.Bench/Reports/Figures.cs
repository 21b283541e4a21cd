namespace Portal.Bench.Reports;

/// <summary>The figures so far, each told when it is there.</summary>
internal sealed class Figures
{
    private readonly List<Figure> _all = [];

    public IReadOnlyList<Figure> All => _all;

    public void Add(string name, double value, string unit, double? target)
    {
        _all.Add(new Figure(name, value, unit, target));
        Console.WriteLine($"bench: {name}: {FigureReport.Text(value, unit)}");
    }

    /// <summary>Adds the time that a share of all, such as 0.99, took at the most.</summary>
    public void AddShare(string name, IEnumerable<double> milliseconds, double share, double? target)
    {
        var sorted = milliseconds.Order().ToList();
        var label = share == 0.5 ? "median" : $"p{share * 100:0}";
        Add($"{name}, {label}", sorted[Math.Max(0, (int)Math.Ceiling(sorted.Count * share) - 1)], "ms", target);
    }
}
