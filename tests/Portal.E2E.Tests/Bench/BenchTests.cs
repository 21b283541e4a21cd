using System.Text.Json;
using Portal.E2E.Tests.Up;
using Portal.Testing;
using Portal.Testing.Processes;

namespace Portal.E2E.Tests.Bench;

/// <summary>Keeps the benchmarks' harness alive; how high the figures are is nothing for a test.</summary>
public sealed class BenchTests
{
    [Theory]
    [InlineData("containers", 18)]
    [InlineData("images", 16)]
    [InlineData("builds", 6)]
    [InlineData("networks", 14)]
    public async Task Area_Smoke_ProducesAFigureForEveryRow(string area, int count)
    {
        await using var folders = new TestInstance();
        var results = folders.TempPath("results.json");

        var run = await Tool.TryRunAsync("env", $"PORTAL_BENCH_RESULTS={results}", PortalUp.Script, "bench", area, "--smoke");

        Assert.True(run.ExitCode == 0, run.Error + run.Output);
        using var document = JsonDocument.Parse(await File.ReadAllTextAsync(results));
        var rows = document.RootElement.GetProperty("rows").EnumerateArray().ToList();
        Assert.Equal(count, rows.Count);
        Assert.All(rows, row => Assert.True(row.GetProperty("figures").GetProperty("portal")[0].GetDouble() > 0));
    }

    [Fact]
    public async Task Fleet_Smoke_ProducesItsFigures()
    {
        await using var folders = new TestInstance();
        var results = folders.TempPath("results.json");

        var run = await Tool.TryRunAsync("env", $"PORTAL_BENCH_RESULTS={results}", PortalUp.Script, "bench", "fleet", "--smoke");

        Assert.True(run.ExitCode == 0, run.Error + run.Output);
        using var document = JsonDocument.Parse(await File.ReadAllTextAsync(results));
        var figures = document.RootElement.GetProperty("figures").EnumerateArray().ToList();
        Assert.Equal(14, figures.Count);
        Assert.All(figures, figure => Assert.True(figure.GetProperty("value").GetDouble() > 0, figure.ToString()));
    }
}
