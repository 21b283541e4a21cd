using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Portal.Data.Migrating;
using Portal.Testing.Databases;

namespace Portal.Data.Tests.Schema;

/// <summary>The EF model and the migrated schema must say the same: tables, columns, types, nullability, keys, references and indexes.</summary>
public sealed class ModelAgreementTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    [Fact]
    public async Task Model_MigratedDatabase_AgreesWithTheCatalog()
    {
        await using var database = NpgsqlDataSource.Create(postgres.ConnectionString);
        await new Migrator(database, MigrationSet.Embedded, NullLogger<Migrator>.Instance).MigrateAsync(default);
        await using var context = new PortalDbContext(new DbContextOptionsBuilder<PortalDbContext>().UseNpgsql(database).Options);
        var model = context.GetService<IDesignTimeModel>().Model.GetRelationalModel();

        var expected = model.Tables.SelectMany(Describe).ToList();
        var actual = await ReadCatalogAsync(database);

        var differences = expected.Except(actual).Select(line => "only in the model: " + line)
            .Concat(actual.Except(expected).Select(line => "only in the database: " + line))
            .ToList();
        Assert.True(differences.Count == 0, string.Join('\n', differences));
    }

    private static IEnumerable<string> Describe(ITable table)
    {
        foreach (var column in table.Columns)
        {
            yield return $"{table.Name} column {column.Name} {column.StoreType}{(column.IsNullable ? "" : " not null")}";
        }

        yield return $"{table.Name} key {table.PrimaryKey!.Name} ({Names(table.PrimaryKey.Columns)})";
        foreach (var key in table.ForeignKeyConstraints)
        {
            var action = key.OnDeleteAction == ReferentialAction.Cascade ? "CASCADE" : key.OnDeleteAction.ToString();
            yield return $"{table.Name} reference {key.Name} ({Names(key.Columns)}) {key.PrincipalTable.Name} on delete {action}";
        }

        foreach (var index in table.Indexes)
        {
            var filter = index.Filter is null ? "" : $" where ({index.Filter})".ToUpperInvariant();
            yield return $"{table.Name} index {index.Name}{(index.IsUnique ? " unique" : "")} ({Names(index.Columns)}){filter}";
        }
    }

    private static string Names(IEnumerable<IColumnBase> columns) => string.Join(", ", columns.Select(column => column.Name));

    private static async Task<List<string>> ReadCatalogAsync(NpgsqlDataSource database)
    {
        const string Sql =
            """
            with t as (select oid, relname from pg_class
                where relnamespace = 'public'::regnamespace and relkind = 'r' and relname <> 'schema_migrations'),
            names as (select attrelid, attnum, attname from pg_attribute)
            select t.relname || ' column ' || a.attname || ' ' || format_type(a.atttypid, a.atttypmod)
                || case when a.attnotnull then ' not null' else '' end
            from t join pg_attribute a on a.attrelid = t.oid and a.attnum > 0 and not a.attisdropped
            union all
            select t.relname || ' key ' || c.conname || ' ' || substring(pg_get_constraintdef(c.oid) from '\(.*\)')
            from t join pg_constraint c on c.conrelid = t.oid and c.contype = 'p'
            union all
            select t.relname || ' reference ' || c.conname || ' ' || substring(pg_get_constraintdef(c.oid) from '\([^)]*\)')
                || ' ' || c.confrelid::regclass || ' on delete '
                || case c.confdeltype when 'c' then 'CASCADE' when 'n' then 'SetNull' when 'r' then 'Restrict' else 'NoAction' end
            from t join pg_constraint c on c.conrelid = t.oid and c.contype = 'f'
            union all
            select t.relname || ' index ' || i.indexrelid::regclass || case when i.indisunique then ' unique' else '' end || ' ('
                || (select string_agg(pg_get_indexdef(i.indexrelid, k, true), ', ' order by k) from generate_series(1, i.indnatts) k) || ')'
                || coalesce(' ' || upper('where (' || pg_get_expr(i.indpred, i.indrelid, true) || ')'), '')
            from t join pg_index i on i.indrelid = t.oid and not i.indisprimary
            """;
        await using var command = database.CreateCommand(Sql);
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<string>();
        while (await reader.ReadAsync())
        {
            rows.Add(reader.GetString(0));
        }

        return rows;
    }
}
