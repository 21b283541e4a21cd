using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Portal.Data;
using Portal.Data.Entities;
using Portal.Data.Entities.Alerts;
using Portal.Data.Migrating;
using Portal.Testing.Databases;
using Portal.Web.Features.Alerts.Rules;
using Portal.Web.Features.Alerts.Sending;
using Portal.Web.Tests.Support;

namespace Portal.Web.Tests.Features.Alerts;

/// <summary>Rounds against a real database. What is seen is said here; each round is by a new object, as after a restart of the portal.</summary>
public sealed class AlertRoundTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>, IAsyncLifetime
{
    private static readonly DateTimeOffset s_begin = new(2026, 1, 5, 12, 0, 0, TimeSpan.Zero);
    private readonly AlertRule _rule = new() { Id = Guid.NewGuid(), Enabled = true, Severity = "critical", CreatedAt = s_begin };
    private readonly Guid _target = Guid.NewGuid();
    private NpgsqlDataSource _database = null!;
    private Contexts _contexts = null!;

    public async Task InitializeAsync()
    {
        _database = NpgsqlDataSource.Create(postgres.ConnectionString);
        await new Migrator(_database, MigrationSet.Embedded, NullLogger<Migrator>.Instance).MigrateAsync(default);
        _contexts = new Contexts(_database);
        await using var work = _contexts.CreateDbContext();
        await work.AlertRules.ExecuteDeleteAsync();
        await work.Alerts.ExecuteDeleteAsync();
        await work.AlertSilences.ExecuteDeleteAsync();
        await work.AlertTargets.ExecuteDeleteAsync();
        work.AlertTargets.Add(new AlertTarget { Id = _target, Name = "ops", Kind = "Webhook", CreatedAt = s_begin });
        _rule.Name = "Disk fills up";
        _rule.TargetIds = [_target];
        _rule.Condition = new AlertCondition { Kind = AlertKind.NodeDisk, Threshold = 90, Clear = 80, ForSeconds = 60 }.ToJson();
        work.AlertRules.Add(_rule);
        await work.SaveChangesAsync();
    }

    public async Task DisposeAsync() => await _database.DisposeAsync();

    [Fact]
    public async Task Round_BadForLongEnough_FiresAndTellsOnceAndItsEndOnce()
    {
        await RunAsync(0, Verdict.Bad);
        await RunAsync(50, Verdict.Bad);
        Assert.Equal("pending", (await OnlyAsync()).State);
        Assert.Empty(await MessagesAsync());

        await RunAsync(60, Verdict.Bad);
        await RunAsync(70, Verdict.Bad);
        await RunAsync(300, Verdict.Bad);
        Assert.Equal(("firing", "firing"), await StateAsync());
        var told = Assert.Single(await MessagesAsync());
        Assert.Equal("critical: Disk fills up: n1", told.Title);
        Assert.Equal(("alerts", "alerts"), (told.Link, told.Alerts.Single().Link));

        await RunAsync(400, Verdict.Between);
        Assert.Equal("firing", (await OnlyAsync()).State);
        await RunAsync(500, Verdict.Good);
        await RunAsync(510, Verdict.Good);
        Assert.Equal(("resolved", "resolved"), await StateAsync());
        Assert.Equal([false, true], (await MessagesAsync()).Select(message => message.IsOver));
    }

    [Fact]
    public async Task Round_WellAgainBeforeItsTime_LeavesNoTrace()
    {
        await RunAsync(0, Verdict.Bad);
        await RunAsync(30, Verdict.Good);
        await RunAsync(40, Verdict.Bad);
        await RunAsync(90, Verdict.Between);

        Assert.Empty(await AlertsAsync());
        Assert.Empty(await MessagesAsync());
    }

    [Fact]
    public async Task Round_NothingIsKnown_WhatFiredGoesOn()
    {
        await RunAsync(0, Verdict.Bad);
        await RunAsync(60, Verdict.Bad);
        await RunAsync(120, Verdict.Unknown);

        Assert.Equal("firing", (await OnlyAsync()).State);
    }

    [Fact]
    public async Task Round_SubjectOrRuleIsGone_Ends()
    {
        await RunAsync(0, Verdict.Bad);
        await RunAsync(60, Verdict.Bad);
        await RunAsync(120);
        Assert.Equal("resolved", (await OnlyAsync()).State);

        await RunAsync(200, Verdict.Bad);
        await RunAsync(260, Verdict.Bad);
        await using (var work = _contexts.CreateDbContext())
        {
            await work.AlertRules.ExecuteDeleteAsync();
        }

        await RunAsync(300, Verdict.Bad);
        Assert.All(await AlertsAsync(), alert => Assert.Equal("resolved", alert.State));
    }

    [Fact]
    public async Task Round_Silenced_IsKeptAndToldOnlyWhenItOutlastsTheSilence()
    {
        await SilenceAsync(s_begin, 100, weekly: false);
        await RunAsync(0, Verdict.Bad);
        await RunAsync(60, Verdict.Bad);
        Assert.Equal(("firing", ""), await StateAsync());
        Assert.Empty(await MessagesAsync());

        await RunAsync(110, Verdict.Bad);
        Assert.Single(await MessagesAsync());
    }

    [Fact]
    public async Task Round_BeganAndEndedInAWeeklyWindow_TellsNobody()
    {
        await SilenceAsync(s_begin.AddDays(-21), 600, weekly: true);
        await RunAsync(0, Verdict.Bad);
        await RunAsync(60, Verdict.Bad);
        await RunAsync(120, Verdict.Good);
        await RunAsync(700, Verdict.Good);

        Assert.Equal(("resolved", ""), await StateAsync());
        Assert.Empty(await MessagesAsync());
    }

    [Fact]
    public async Task Round_ManyWithinAMinute_TellsTheFirstAtOnceAndTheOthersTogether()
    {
        await RunAsync(0, Many(1, 60));
        await RunAsync(60, Many(60, 60));
        await RunAsync(70, Many(60, 60));
        await RunAsync(125, Many(60, 60));

        var messages = await MessagesAsync();
        Assert.Equal([1, 59], messages.Select(message => message.Alerts.Count + message.More));
        Assert.Equal(9, messages[1].More);
    }

    [Theory]
    [InlineData(90, 80, 60, "", null)]
    [InlineData(90, 95, 60, "", "below it")]
    [InlineData(0, 0, 60, "", "above 0")]
    [InlineData(double.NaN, 0, 60, "", "above 0")]
    [InlineData(90, 80, -1, "", "7 days")]
    public void Condition_Problems_AreSaid(double threshold, double clear, int seconds, string pattern, string? expected)
    {
        var condition = new AlertCondition
        {
            Kind = AlertKind.NodeCpu, Threshold = threshold, Clear = clear, ForSeconds = seconds, NamePattern = pattern,
        };

        var problems = string.Join(' ', condition.Problems());

        Assert.Equal(expected is null, problems.Length == 0);
        Assert.Contains(expected ?? "", problems, StringComparison.Ordinal);
    }

    private static Observation[] Many(int bad, int count) => [.. Enumerable.Range(1, count).Select(number =>
        new Observation($"n{number}", $"n{number}", null, number <= bad ? Verdict.Bad : Verdict.Good, "95 %"))];

    private Task RunAsync(int seconds, params Verdict[] verdicts) =>
        RunAsync(
            seconds, [.. verdicts.Select((verdict, index) => new Observation($"n{index + 1}", $"n{index + 1}", null, verdict, "95 %"))]);

    private Task RunAsync(int seconds, Observation[] seen) =>
        new AlertRound(_contexts, _ => seen, new FakeFleet()).RunAsync(s_begin.AddSeconds(seconds), default);

    private async Task SilenceAsync(DateTimeOffset begin, int seconds, bool weekly)
    {
        await using var work = _contexts.CreateDbContext();
        work.AlertSilences.Add(new AlertSilence
        {
            Id = Guid.NewGuid(), Reason = "upgrade", RuleId = _rule.Id, NamePattern = "n*",
            BeginsAt = begin, EndsAt = begin.AddSeconds(seconds), Weekly = weekly,
        });
        await work.SaveChangesAsync();
    }

    private async Task<List<Alert>> AlertsAsync()
    {
        await using var work = _contexts.CreateDbContext();
        return await work.Alerts.ToListAsync();
    }

    private async Task<Alert> OnlyAsync() => Assert.Single(await AlertsAsync());

    private async Task<(string State, string Told)> StateAsync()
    {
        var alert = await OnlyAsync();
        return (alert.State, alert.Told);
    }

    private async Task<List<AlertMessage>> MessagesAsync()
    {
        await using var work = _contexts.CreateDbContext();
        return [.. (await work.AlertDeliveries.OrderBy(row => row.Id).ToListAsync()).Select(row => AlertMessage.Parse(row.Message))];
    }

    private sealed class Contexts(NpgsqlDataSource database) : IDbContextFactory<PortalDbContext>
    {
        public PortalDbContext CreateDbContext() => new(new DbContextOptionsBuilder<PortalDbContext>().UseNpgsql(database).Options);
    }
}
