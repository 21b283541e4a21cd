using System.Text.RegularExpressions;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Portal.Data.Migrating;
using Portal.Data.Schema;
using Portal.Testing.Databases;

namespace Portal.Data.Tests.Schema;

public sealed class SchemaFileTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    /// <summary>With PORTAL_WRITE_SCHEMA=1 the file is written instead (db/README.md).</summary>
    [Fact]
    public async Task SchemaFile_AllMigrationsApplied_IsWhatTheDatabaseHas()
    {
        await using var database = NpgsqlDataSource.Create(postgres.ConnectionString);
        await new Migrator(database, MigrationSet.Embedded, NullLogger<Migrator>.Instance).MigrateAsync(default);
        var printed = await SchemaPrinter.PrintAsync(database, default);

        var path = Path.Combine(RepositoryRoot(), "db", "schema.sql");
        if (Environment.GetEnvironmentVariable("PORTAL_WRITE_SCHEMA") == "1")
        {
            await File.WriteAllTextAsync(path, printed);
        }

        Assert.Equal(printed, await File.ReadAllTextAsync(path));
    }

    [Fact]
    public async Task SchemaFile_ExecutedOnAnEmptyDatabase_MakesTheSameSchema()
    {
        var cluster = await PostgresCluster.SharedAsync;
        var connectionString = await cluster.CreateDatabaseAsync();
        await using (var database = NpgsqlDataSource.Create(connectionString))
        {
            var file = await File.ReadAllTextAsync(Path.Combine(RepositoryRoot(), "db", "schema.sql"));
            await using var command = database.CreateCommand("set check_function_bodies = off;" + TablesBeforeReferences(file));
            await command.ExecuteNonQueryAsync();

            Assert.Equal(file, await SchemaPrinter.PrintAsync(database, default));
        }

        await cluster.DropDatabaseAsync(connectionString);
    }

    // The file is sorted by name for reading; to run it, functions come first and tables after those that they refer to.
    private static string TablesBeforeReferences(string schema)
    {
        // An empty line within a function's body ends nothing.
        var blocks = Regex.Split(schema, "\n\n(?=create )", RegexOptions.IgnoreCase).Skip(1).ToList();
        var functions = blocks.Where(block => block.StartsWith("CREATE OR REPLACE", StringComparison.Ordinal)).ToList();
        var tables = blocks.Except(functions).ToList();
        var ordered = new List<string>(functions);
        var made = new HashSet<string>();
        while (tables.Count > 0)
        {
            var next = tables.First(block => References(block).All(made.Contains));
            tables.Remove(next);
            ordered.Add(next);
            made.Add(next.Split(' ')[2]);
        }

        return string.Join("\n", ordered);
    }

    private static IEnumerable<string> References(string block)
    {
        var self = block.Split(' ')[2];
        return block.Split("REFERENCES ").Skip(1).Select(rest => rest.Split('(')[0]).Where(table => table != self);
    }

    private static string RepositoryRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Portal.sln")))
        {
            folder = folder.Parent ?? throw new InvalidOperationException("The tests must run inside the repository.");
        }

        return folder.FullName;
    }
}
