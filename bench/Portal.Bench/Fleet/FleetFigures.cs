namespace Portal.Bench.Fleet;

/// <summary>The figures so far, each told when it is there.</summary>
internal sealed class FleetFigures
{
    private readonly List<FleetFigure> _all = [];

    public IReadOnlyList<FleetFigure> All => _all;

    public void Add(string name, double value, string unit, double? target)
    {
        _all.Add(new FleetFigure(name, value, unit, target));
        Console.WriteLine($"bench: {name}: {FleetReport.Text(value, unit)}");
    }
}
