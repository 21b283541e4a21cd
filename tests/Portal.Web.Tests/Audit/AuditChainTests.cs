using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Portal.Data;
using Portal.Data.Entities;
using Portal.Web.Access;
using Portal.Web.Audit;
using Portal.Web.Audit.Chain;
using Portal.Web.Tests.Support;

namespace Portal.Web.Tests.Audit;

/// <summary>Changes of the audit log past the portal are found. Each test has a portal of its own, since each breaks one.</summary>
public sealed class AuditChainTests : IAsyncLifetime
{
    private readonly TestPortal _portal = new();

    public Task InitializeAsync() => _portal.InitializeAsync();

    public Task DisposeAsync() => _portal.DisposeAsync();

    [Fact]
    public async Task Check_ManyWritersOnTwoPortals_AllFit()
    {
        await using var other = _portal.Create([]);
        await other.StartAsync(default);
        var logs = new[] { Log, other.Services.GetRequiredService<IAuditLog>() };

        await Task.WhenAll(Enumerable.Range(0, 400).Select(i => Task.Run(() => WriteAsync(logs[i % 2], $"entry-{i}"))));
        var result = await Chain.CheckAsync(default);

        Assert.True(result.IsGood);
        Assert.True(result.Checked >= 400);
        await using var context = await ContextAsync();
        Assert.Equal(400, await context.AuditLog.CountAsync(record => record.Action == "test.chain"));
        await other.StopAsync(default);
    }

    [Theory]
    [InlineData("update audit_log set detail = 'nothing happened' where object_name = 'entry-2'", "entry-2")]
    [InlineData("update audit_log set at = at + interval '1 microsecond' where object_name = 'entry-2'", "entry-2")]
    [InlineData("update audit_log set object_name = '', object_id = object_id || 'entry-2' where object_name = 'entry-2'", "")]
    [InlineData("delete from audit_log where object_name = 'entry-2'", "entry-3")]
    [InlineData("update audit_log set hash = null where object_name = 'entry-2'", "entry-2")]
    [InlineData("update audit_log set hash = sha256('forged') where object_name = 'entry-2'", "entry-2")]
    public async Task Check_AfterAChangePastThePortal_TellsTheFirstThatDoesNotFit(string tampering, string broken)
    {
        for (var i = 0; i < 5; i++)
        {
            await WriteAsync(Log, $"entry-{i}");
        }

        Assert.True((await Chain.CheckAsync(default)).IsGood);
        await TamperAsync(tampering);
        var result = await Chain.CheckAsync(default);

        await using var context = await ContextAsync();
        Assert.False(result.IsGood);
        var found = await context.AuditLog.SingleAsync(record => record.Id == result.BrokenId);
        Assert.Equal(broken, found.ObjectName);
    }

    [Fact]
    public async Task Check_TwoEntriesSwapped_DoNotFit()
    {
        await WriteAsync(Log, "first");
        await WriteAsync(Log, "second");
        await TamperAsync(
            """
            update audit_log one set object_name = other.object_name, hash = other.hash, at = other.at from audit_log other
            where (one.object_name, other.object_name) in (('first', 'second'), ('second', 'first'))
            """);

        Assert.False((await Chain.CheckAsync(default)).IsGood);
    }

    [Fact]
    public async Task Prune_OldEntries_LeavesARestThatFits()
    {
        await WriteAsync(Log, "old");
        var limit = TimeProvider.System.GetUtcNow();
        await WriteAsync(Log, "kept");

        var removed = await Chain.PruneAsync(limit, default);
        await WriteAsync(Log, "new");
        var result = await Chain.CheckAsync(default);

        await using var context = await ContextAsync();
        Assert.True(removed > 0);
        Assert.True(result.IsGood);
        Assert.False(await context.AuditLog.AnyAsync(record => record.ObjectName == "old"));
        Assert.True(await context.AuditLog.AnyAsync(record => record.ObjectName == "kept"));
    }

    [Fact]
    public async Task Prune_Everything_TheNextOneFits()
    {
        await WriteAsync(Log, "old");
        await Chain.PruneAsync(TimeProvider.System.GetUtcNow().AddMinutes(1), default);

        await WriteAsync(Log, "new");
        var result = await Chain.CheckAsync(default);

        Assert.True(result.IsGood);
        Assert.Equal(1, result.Checked);
    }

    [Theory]
    [InlineData("update settings set value = replace(value, '\"LastId\":', '\"LastId\":1') where key = 'audit-anchor'", true)]
    [InlineData("delete from settings where key = 'audit-anchor'", false)]
    public async Task Check_AnchorTamperedWith_IsFound(string tampering, bool anchor)
    {
        await WriteAsync(Log, "old");
        var limit = TimeProvider.System.GetUtcNow();
        await WriteAsync(Log, "kept");
        await Chain.PruneAsync(limit, default);
        await TamperAsync(tampering);

        var result = await Chain.CheckAsync(default);

        Assert.False(result.IsGood);
        Assert.Equal(anchor, result.AnchorBroken);
    }

    [Fact]
    public async Task Check_EntriesFromBeforeTheChain_AreCountedApart()
    {
        await TamperAsync(
            """
            truncate audit_log;
            insert into audit_log (at, actor_id, actor_name, address, action, object_type, object_id, object_name, outcome, detail)
            values (now(), '00000000-0000-0000-0000-000000000000', 'portal', '', 'test.old', '', '', 'old', 'succeeded', '')
            """);
        await WriteAsync(Log, "new");

        var result = await Chain.CheckAsync(default);

        Assert.True(result.IsGood);
        Assert.Equal((1, 1), (result.Unchained, result.Checked));
    }

    [Fact]
    public async Task Database_WithoutThePortalsWord_StillRefusesDeletion()
    {
        await WriteAsync(Log, "entry");
        await using var context = await ContextAsync();

        await Assert.ThrowsAsync<PostgresException>(() => context.AuditLog.ExecuteDeleteAsync());
    }

    [Fact]
    public async Task Retention_LessThanAMonth_IsRefused()
    {
        var retention = _portal.Services.GetRequiredService<AuditRetention>();

        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => retention.WriteAsync(Actor.Portal, 1, default));
        await retention.WriteAsync(Actor.Portal, 30, default);

        Assert.Equal(30, await retention.ReadAsync(default));
        Assert.Equal(0, await retention.PruneAsync(default));
    }

    private AuditChain Chain => _portal.Services.GetRequiredService<AuditChain>();

    private IAuditLog Log => _portal.Services.GetRequiredService<IAuditLog>();

    private static Task WriteAsync(IAuditLog log, string name) =>
        log.WriteAsync(
            new AuditEntry(Actor.Portal, "test.chain", "test", "1", name, null, AuditOutcome.Succeeded, "ä \ud83d\ude00"), default);

    // As somebody would who owns the database.
    private async Task TamperAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(_portal.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(
            $"alter table audit_log disable trigger user; {sql}; alter table audit_log enable trigger user;", connection);
        await command.ExecuteNonQueryAsync();
    }

    private Task<PortalDbContext> ContextAsync() =>
        _portal.Services.GetRequiredService<IDbContextFactory<PortalDbContext>>().CreateDbContextAsync();
}
