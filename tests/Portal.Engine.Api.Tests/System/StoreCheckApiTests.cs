using System.Net;
using System.Text.Json.Nodes;
using Portal.Engine.Api.Tests.Hosting;

namespace Portal.Engine.Api.Tests.System;

public sealed class StoreCheckApiTests : DockerApiTest
{
    [Theory]
    [InlineData("", "Found", 0, false)]
    [InlineData("?mend=1", "Mended", 7, true)]
    public async Task Check_Store_TellsProgressProblemsAndTheReport(string query, string outcome, int freed, bool isSound)
    {
        using var answer = await Host.PostAsync($"/portal/store/check{query}");

        var lines = (await answer.Content.ReadAsStringAsync())
            .Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => JsonNode.Parse(line)!)
            .ToList();
        Assert.Equal(3, lines.Count);
        Assert.Equal(("Contents", 5, 10), ((string)lines[0]["Phase"]!, (int)lines[0]["Current"]!, (int)lines[0]["Total"]!));
        Assert.Equal(outcome, (string)lines[1]["Problem"]!["Outcome"]!);
        Assert.Equal("DamagedContent", (string)lines[1]["Problem"]!["Kind"]!);
        Assert.Equal((freed, isSound), ((int)lines[2]["Report"]!["FreedBytes"]!, (bool)lines[2]["Report"]!["IsSound"]!));
    }

    [Fact]
    public async Task Check_OneRunsAlready_IsAConflict()
    {
        using var answer = await Host.PostAsync("/portal/store/check?quick=1");

        Assert.Equal(HttpStatusCode.Conflict, answer.StatusCode);
    }
}
