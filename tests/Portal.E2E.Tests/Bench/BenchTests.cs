using System.Text.Json;
using Portal.Testing;

namespace Portal.E2E.Tests.Bench;

/// <summary>Keeps the benchmarks' harness alive; how high the figures are is nothing for a test.</summary>
public sealed class BenchTests
{
    [Theory]
    [InlineData("containers", 18)]
    [InlineData("images", 18)]
    [InlineData("builds", 6)]
    [InlineData("networks", 14)]
    public async Task Area_Smoke_ProducesAFigureForEveryRow(string area, int count)
    {
        await using var folders = new TestInstance();
        var results = folders.TempPath("results.json");

        var run = await Smoke.RunAsync(area, results);

        Assert.True(run.ExitCode == 0, run.Error + run.Output);
        using var document = JsonDocument.Parse(await File.ReadAllTextAsync(results));
        var rows = document.RootElement.GetProperty("areas").GetProperty(area).GetProperty("rows").EnumerateArray().ToList();
        Assert.Equal(count, rows.Count);
        Assert.All(rows, row => Assert.True(row.GetProperty("figures").GetProperty("portal")[0].GetDouble() > 0));
    }

    [Fact]
    public async Task Area_SomeRows_MeasuresThoseAlone()
    {
        await using var folders = new TestInstance();
        var results = folders.TempPath("results.json");

        var run = await Smoke.RunAsync("containers", results, "--rows", "RUN --rm true");

        Assert.True(run.ExitCode == 0, run.Error + run.Output);
        using var document = JsonDocument.Parse(await File.ReadAllTextAsync(results));
        var rows = document.RootElement.GetProperty("areas").GetProperty("containers").GetProperty("rows").EnumerateArray().ToList();
        Assert.Equal(4, rows.Count);
        Assert.All(rows, row => Assert.StartsWith("run --rm true", row.GetProperty("name").GetString(), StringComparison.Ordinal));
    }
}
