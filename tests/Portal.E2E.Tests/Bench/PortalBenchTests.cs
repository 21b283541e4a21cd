using System.Text.Json;
using Portal.Testing;

namespace Portal.E2E.Tests.Bench;

/// <summary>The same of the areas that measure the portal.</summary>
public sealed class PortalBenchTests
{
    [Theory]
    [InlineData("fleet", 26)]
    [InlineData("ui", 14)]
    public async Task Area_Smoke_ProducesItsFigures(string area, int count)
    {
        await using var folders = new TestInstance();
        var results = folders.TempPath("results.json");

        var run = await Smoke.RunAsync(area, results);

        Assert.True(run.ExitCode == 0, run.Error + run.Output);
        using var document = JsonDocument.Parse(await File.ReadAllTextAsync(results));
        var figures = document.RootElement.GetProperty("areas").GetProperty(area).GetProperty("figures").EnumerateArray().ToList();
        Assert.Equal(count, figures.Count);
        Assert.All(figures, figure => Assert.True(figure.GetProperty("value").GetDouble() > 0, figure.ToString()));
    }
}
