using Microsoft.Extensions.Logging;
using Npgsql;

namespace Portal.Data.Migrating;

/// <summary>
/// Brings a database to the schema of this build: applies what is missing, in order, each migration in a transaction of its own. Any number of
/// portals may start at once: an advisory lock lets one work while the others wait.
/// </summary>
public sealed partial class Migrator(NpgsqlDataSource database, MigrationSet set, ILogger<Migrator> logger)
{
    // Any fixed number will do; it must differ from other locks of the portal: "migrate" in ASCII.
    private const long LockKey = 0x6D696772617465;

    private const string CreateTable =
        """
        create table if not exists schema_migrations (
            number integer not null,
            name varchar(256) not null,
            checksum char(64) not null,
            applied_at timestamptz not null default now(),
            constraint pk_schema_migrations primary key (number)
        )
        """;

    /// <summary>Applies what is missing.</summary>
    /// <returns>How many were applied.</returns>
    /// <exception cref="MigrationException">
    /// An applied migration was edited since, the database is newer than this build, or a migration failed (and was rolled back).
    /// </exception>
    public async Task<int> MigrateAsync(CancellationToken cancellationToken)
    {
        var connection = await database.OpenConnectionAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = connection.ConfigureAwait(false);
        await ExecuteAsync(connection, $"select pg_advisory_lock({LockKey})", cancellationToken).ConfigureAwait(false);
        try
        {
            await ExecuteAsync(connection, CreateTable, cancellationToken).ConfigureAwait(false);
            var applied = await ReadAppliedAsync(connection, cancellationToken).ConfigureAwait(false);
            Check(applied);
            foreach (var migration in set.Migrations.Skip(applied.Count))
            {
                await ApplyAsync(connection, migration, cancellationToken).ConfigureAwait(false);
            }

            return set.Migrations.Count - applied.Count;
        }
        finally
        {
            // Without the caller's token: the lock must go even when the caller gives up. A broken connection has lost it already.
            if (connection.FullState == System.Data.ConnectionState.Open)
            {
                await ExecuteAsync(connection, $"select pg_advisory_unlock({LockKey})", CancellationToken.None).ConfigureAwait(false);
            }
        }
    }

    private void Check(List<AppliedMigration> applied)
    {
        if (applied.Count > set.Migrations.Count)
        {
            throw new MigrationException(
                $"The database has migration '{applied[^1].Name}', which this portal does not know: it was used by a newer portal. "
                + "Start that version, or restore a backup from before.");
        }

        for (var i = 0; i < applied.Count; i++)
        {
            var known = set.Migrations[i];
            if (applied[i].Number != known.Number || applied[i].Checksum != known.Checksum)
            {
                throw new MigrationException(
                    $"Migration '{known.Name}' is not the one that was applied to this database as '{applied[i].Name}': it was edited after "
                    + "its release. Undo the edit and put the change into a new migration.");
            }
        }
    }

    /// <summary>Applies the first migrations to an empty database within a transaction of the caller's, which fills it then.</summary>
    internal async Task ApplyToAsync(NpgsqlTransaction transaction, int count, CancellationToken cancellationToken)
    {
        await ExecuteAsync(transaction.Connection!, CreateTable, cancellationToken).ConfigureAwait(false);
        foreach (var migration in set.Migrations.Take(count))
        {
            await ApplyAsync(transaction, migration, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task ApplyAsync(NpgsqlConnection connection, Migration migration, CancellationToken cancellationToken)
    {
        var transaction = await connection.BeginTransactionAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = transaction.ConfigureAwait(false);
        await ApplyAsync(transaction, migration, cancellationToken).ConfigureAwait(false);
        await transaction.CommitAsync(cancellationToken).ConfigureAwait(false);
    }

    private async Task ApplyAsync(NpgsqlTransaction transaction, Migration migration, CancellationToken cancellationToken)
    {
        LogApplying(migration.Name);
        var connection = transaction.Connection!;
        try
        {
            await ExecuteAsync(connection, migration.Sql, cancellationToken).ConfigureAwait(false);
        }
        catch (PostgresException failure)
        {
            throw new MigrationException($"Migration '{migration.Name}' failed and was rolled back: {failure.MessageText}", failure);
        }

        var record = new NpgsqlCommand("insert into schema_migrations (number, name, checksum) values ($1, $2, $3)", connection, transaction)
        {
            Parameters =
            {
                new NpgsqlParameter<int> { TypedValue = migration.Number },
                new NpgsqlParameter<string> { TypedValue = migration.Name },
                new NpgsqlParameter<string> { TypedValue = migration.Checksum },
            },
        };
        await using var _ = record.ConfigureAwait(false);
        await record.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
    }

    private static async Task<List<AppliedMigration>> ReadAppliedAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var command = new NpgsqlCommand("select number, name, checksum from schema_migrations order by number", connection);
        await using var _ = command.ConfigureAwait(false);
        var reader = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        await using var __ = reader.ConfigureAwait(false);
        var applied = new List<AppliedMigration>();
        while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            applied.Add(new AppliedMigration(reader.GetInt32(0), reader.GetString(1), reader.GetString(2)));
        }

        return applied;
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        await using var _ = command.ConfigureAwait(false);
        await command.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
    }

    private readonly record struct AppliedMigration(int Number, string Name, string Checksum);
}
