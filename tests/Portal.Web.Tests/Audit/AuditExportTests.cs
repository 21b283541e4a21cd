using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Portal.Data.Entities;
using Portal.Web.Access;
using Portal.Web.Audit;
using Portal.Web.Tests.Support;

namespace Portal.Web.Tests.Audit;

public sealed class AuditExportTests(TestPortal portal) : IClassFixture<TestPortal>
{
    [Fact]
    public async Task Export_JsonLines_GivesEachEntry()
    {
        await WriteAsync("export-me", AuditOutcome.Failed);
        using var client = await portal.SignInAsync();

        var lines = (await client.GetStringAsync("/audit/export.jsonl?text=export-me")).Split('\n', StringSplitOptions.RemoveEmptyEntries);

        var entry = JsonDocument.Parse(Assert.Single(lines)).RootElement;
        Assert.Equal("export-me", entry.GetProperty("object").GetString());
        Assert.Equal("failed", entry.GetProperty("outcome").GetString());
    }

    [Fact]
    public async Task Export_FilteredByOutcome_LeavesOthersOut()
    {
        await WriteAsync("filtered", AuditOutcome.Failed);
        await WriteAsync("filtered", AuditOutcome.Succeeded);
        using var client = await portal.SignInAsync();

        var csv = await client.GetStringAsync("/audit/export.csv?text=filtered&outcome=Succeeded");

        Assert.Equal(2, csv.Split("\r\n", StringSplitOptions.RemoveEmptyEntries).Length);
    }

    [Theory]
    [InlineData("from=2026-01-01T00:00:00Z&to=2026-01-02T00:00:00Z", 0)]
    [InlineData("from=2000-01-01T00:00:00Z", 1)]
    [InlineData("to=2000-01-01T00:00:00Z", 0)]
    public async Task Export_OfSomeDays_LeavesOthersOut(string days, int count)
    {
        var name = $"dated-{Guid.NewGuid():N}";
        await WriteAsync(name, AuditOutcome.Succeeded);
        using var client = await portal.SignInAsync();

        var csv = await client.GetStringAsync($"/audit/export.csv?text={name}&{days}");

        Assert.Equal(1 + count, csv.Split("\r\n", StringSplitOptions.RemoveEmptyEntries).Length);
    }

    [Theory]
    [InlineData("plain", ",plain,")]
    [InlineData("a,b", ",\"a,b\",")]
    [InlineData("say \"hi\"", ",\"say \"\"hi\"\"\",")]
    [InlineData("=cmd()", ",'=cmd(),")]
    [InlineData("@sum", ",'@sum,")]
    public void ToCsv_NamesFromAnybody_StayText(string name, string expected)
    {
        Assert.Contains(expected, AuditExport.ToCsv(new AuditRecord { ObjectName = name }), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("nul \0 inside")]
    [InlineData("half \ud800 pair")]
    public async Task WriteAsync_TextThatPostgresRefuses_IsMended(string name)
    {
        await WriteAsync(name, AuditOutcome.Succeeded);
    }

    [Fact]
    public async Task WriteAsync_TooLong_IsCut()
    {
        await WriteAsync(new string('x', 5000), AuditOutcome.Succeeded);
    }

    [Fact]
    public async Task Export_UnknownFormat_IsNotFound()
    {
        using var client = await portal.SignInAsync();

        using var answer = await client.GetAsync("/audit/export.exe");

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
    }

    private Task WriteAsync(string name, AuditOutcome outcome) => portal.Services.GetRequiredService<IAuditLog>()
        .WriteAsync(new AuditEntry(Actor.Portal, "test.write", "test", "1", name, null, outcome), default);
}
