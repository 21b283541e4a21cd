using System.Globalization;
using System.Text;
using System.Text.Json;
using Portal.Bench.Reports;

namespace Portal.Bench.Fleet;

/// <summary>The figures of a fleet, for machines and for readers.</summary>
internal sealed record FleetReport(int Nodes, int Containers, IReadOnlyList<FleetFigure> Figures)
{
    private static readonly JsonSerializerOptions s_json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    public async Task WriteAsync(BenchOptions options)
    {
        var machine = await Machine.DescribeAsync();
        var data = new { area = "fleet", machine, smoke = options.Smoke, nodes = Nodes, containers = Containers, figures = Figures };
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(options.Results))!);
        await File.WriteAllTextAsync(options.Results, JsonSerializer.Serialize(data, s_json) + "\n");
        if (options.Page.Length > 0)
        {
            var page = File.Exists(options.Page) ? await File.ReadAllTextAsync(options.Page) : "";
            var section = $"""
                Machine: {machine}. PostgreSQL, portal and simulation share the processors that they are bound to.

                {Nodes:N0} simulated nodes with {Containers} containers each; counters every 5 s; 1 % of the containers changes each minute.

                {ToTable()}
                """;
            await File.WriteAllTextAsync(options.Page, Reports.Page.Replace(page, "fleet", section));
        }
    }

    public string ToTable()
    {
        var table = new StringBuilder("| work | portal | at most |\n| --- | ---: | ---: |\n");
        foreach (var figure in Figures)
        {
            var target = figure.Target is { } most ? Text(most, figure.Unit) : "–";
            table.AppendLine(CultureInfo.InvariantCulture, $"| {figure.Name} | {Text(figure.Value, figure.Unit)} | {target} |");
        }

        return table.ToString();
    }

    public static string Text(double value, string unit) =>
        value.ToString(unit is "cores" ? "0.00" : unit is "s" ? "0.0" : "0", CultureInfo.InvariantCulture) + " " + unit;
}
