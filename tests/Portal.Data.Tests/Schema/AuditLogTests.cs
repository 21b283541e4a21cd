using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Portal.Data.Migrating;
using Portal.Testing.Databases;

namespace Portal.Data.Tests.Schema;

public sealed class AuditLogTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    [Theory]
    [InlineData("update audit_log set actor_name = 'nobody'")]
    [InlineData("delete from audit_log")]
    [InlineData("truncate audit_log")]
    public async Task AuditLog_ChangedAfterwards_IsRefused(string sql)
    {
        await using var database = NpgsqlDataSource.Create(postgres.ConnectionString);
        await new Migrator(database, MigrationSet.Embedded, NullLogger<Migrator>.Instance).MigrateAsync(default);
        await using var insert = database.CreateCommand(
            """
            insert into audit_log (at, actor_id, actor_name, address, action, object_type, object_id, object_name, outcome, detail)
            values (now(), gen_random_uuid(), 'ann', '', 'user.sign_in', 'user', '', 'ann', 'succeeded', '')
            """);
        await insert.ExecuteNonQueryAsync();

        await using var change = database.CreateCommand(sql);
        var failure = await Assert.ThrowsAsync<PostgresException>(() => change.ExecuteNonQueryAsync());

        Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, failure.SqlState);
        await using var count = database.CreateCommand("select count(*) from audit_log where actor_name = 'ann'");
        Assert.NotEqual(0L, await count.ExecuteScalarAsync());
    }
}
