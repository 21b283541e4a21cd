using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Portal.Data.Migrating;
using Portal.Testing.Databases;

namespace Portal.Data.Tests.Migrating;

/// <summary>Roles and tokens that read the history of counters before it took a permission of its own keep it; no other gets it.</summary>
public sealed class HistoryPermissionTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    private const string Name = "_keep_the_history_of_counters_readable";

    [Fact]
    public async Task Migration_RolesAndTokens_KeepWhatTheyCouldRead()
    {
        await using var database = NpgsqlDataSource.Create(postgres.ConnectionString);
        await new Migrator(database, MigrationSet.Embedded, NullLogger<Migrator>.Instance).MigrateAsync(default);
        await ExecuteAsync(
            database,
            """
            insert into roles (id, name, description, permissions, created_at, updated_at)
            select gen_random_uuid(), name, '', permissions, now(), now() from (values
                ('sees', array['nodes.view']), ('looks', array['containers.view', 'images.view']),
                ('has', array['nodes.view', 'metrics.view']), ('edits', array['stacks.edit']), ('none', array[]::text[])) as r (name, permissions);
            insert into users (id, user_name, normalized_user_name, email_confirmed, phone_number_confirmed, two_factor_enabled, lockout_enabled,
                access_failed_count, display_name, must_change_password, created_at, is_service_account)
            values (gen_random_uuid(), 'ann', 'ANN', false, false, false, false, 0, '', false, now(), false);
            insert into api_tokens (id, user_id, name, hash, prefix, permissions, created_by, created_at)
            select gen_random_uuid(), u.id, t.name, sha256(t.name::bytea), '', t.permissions, u.id, now() from users u, (values
                ('all', null), ('sees', array['containers.view']), ('edits', array['stacks.edit'])) as t (name, permissions);
            """);

        await ExecuteAsync(database, MigrationSet.Embedded.Migrations.Single(migration => migration.Name.EndsWith(Name, StringComparison.Ordinal)).Sql);

        Assert.Equal(
            "edits=stacks.edit|has=nodes.view,metrics.view|looks=containers.view,images.view,metrics.view|none=|sees=nodes.view,metrics.view",
            await ReadAsync(database, "roles"));
        Assert.Equal("all=-|edits=stacks.edit|sees=containers.view,metrics.view", await ReadAsync(database, "api_tokens"));
    }

    private static async Task ExecuteAsync(NpgsqlDataSource database, string sql)
    {
        await using var command = database.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    private static async Task<string> ReadAsync(NpgsqlDataSource database, string table)
    {
        await using var command = database.CreateCommand(
            $"select string_agg(name || '=' || coalesce(array_to_string(permissions, ','), '-'), '|' order by name) from {table}");
        return (string)(await command.ExecuteScalarAsync())!;
    }
}
