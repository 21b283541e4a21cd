using System.Globalization;
using System.Text;

namespace Portal.Bench.Reports;

/// <summary>The figures of an area that compares with nobody, for machines and for readers.</summary>
/// <param name="Area"><c>fleet</c> or <c>ui</c>.</param>
/// <param name="Setting">What was measured, in a sentence or two.</param>
/// <param name="Figures">What it came to.</param>
internal sealed record FigureReport(string Area, string Setting, IReadOnlyList<Figure> Figures)
{
    public async Task WriteAsync(BenchOptions options)
    {
        var machine = await Machine.DescribeAsync();
        var section = $"""
            Machine: {machine}.

            {Setting}

            {ToTable()}
            """;
        await ReportFiles.WriteAsync(options, new { machine, smoke = options.Smoke, setting = Setting, figures = Figures }, section);
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
        value.ToString(unit is "cores" ? "0.00" : unit is "s" || value < 10 ? "0.0" : "0", CultureInfo.InvariantCulture) + " " + unit;
}
