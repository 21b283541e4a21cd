using System.Globalization;
using System.Text;
using Portal.Bench.Rows;

namespace Portal.Bench.Reports;

/// <summary>The results, for machines and for readers.</summary>
internal sealed record Report(string Machine, IReadOnlyDictionary<string, string> Versions, IReadOnlyList<RowResult> Rows)
{
    public async Task WriteAsync(BenchOptions options)
    {
        var data = new
        {
            machine = Machine,
            versions = Versions,
            smoke = options.Smoke,
            rows = Rows.Select(row => new
            {
                name = row.Row.Name,
                unit = row.Row.Unit,
                target = row.Row.Target,
                figures = row.Figures,
                problems = row.Problems,
            }),
        };
        await ReportFiles.WriteAsync(options, data, ToSection());
    }

    public string ToTable()
    {
        var table = new StringBuilder();
        table.AppendLine("| work | " + string.Join(" | ", Versions.Keys) + " | of dockerd | to reach |");
        table.AppendLine("| --- |" + string.Concat(Enumerable.Repeat(" ---: |", Versions.Count + 2)));
        foreach (var row in Rows)
        {
            var ours = row.Median("portal");
            var docker = row.Median("dockerd");
            var share = ours is null || docker is null ? "–" : Number(ours.Value / docker.Value, "0.00");
            var target = row.Row.Target is null ? "–" : Number(row.Row.Target.Value, "0.00");
            var cells = Versions.Keys.Select(peer => Cell(row, peer));
            table.AppendLine($"| {row.Row.Name} | {string.Join(" | ", cells)} | {share} | {target} |");
        }

        return table.ToString();
    }

    private static string Cell(RowResult row, string peer)
    {
        if (row.Median(peer) is not { } median)
        {
            return row.Problems.TryGetValue(peer, out var problem) ? $"none: {problem}" : row.Row.IsOwnAlone ? "–" : "none";
        }

        var figures = row.Figures[peer];
        var format = row.Row.Unit == "MB" ? "0.0" : median < 10 ? "0.00" : "0";
        return figures.Length == 1
            ? $"{Number(median, format)} {row.Row.Unit}"
            : $"{Number(median, format)} {row.Row.Unit} ({Number(figures[0], format)}–{Number(figures[^1], format)})";
    }

    private string ToSection() => $"""
        Machine: {Machine}.
        Versions: {string.Join(", ", Versions.Select(entry => $"{entry.Key} {entry.Value}"))}.

        {ToTable()}
        """;

    private static string Number(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}
