using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Portal.Data.Migrating;
using Portal.Testing.Databases;

namespace Portal.Data.Tests.Migrating;

public sealed class MigratorTests : IAsyncLifetime
{
    private static readonly (string, string)[] s_two =
    [
        ("0001_create_a.sql", "create table a (id integer);"),
        ("0002_create_b.sql", "create table b (id integer);\ninsert into b values (1), (2);"),
    ];

    private NpgsqlDataSource _database = null!;
    private string _connectionString = "";

    public async Task InitializeAsync()
    {
        _connectionString = await (await PostgresCluster.SharedAsync).CreateDatabaseAsync();
        _database = NpgsqlDataSource.Create(_connectionString);
    }

    public async Task DisposeAsync()
    {
        await _database.DisposeAsync();
        await (await PostgresCluster.SharedAsync).DropDatabaseAsync(_connectionString);
    }

    [Fact]
    public async Task MigrateAsync_EmptyDatabase_AppliesAllInOrder()
    {
        Assert.Equal(2, await MigrateAsync(s_two));
        Assert.Equal(2L, await ScalarAsync("select count(*) from b"));
        Assert.Equal("0001_create_a,0002_create_b", await ScalarAsync("select string_agg(name, ',' order by number) from schema_migrations"));
    }

    [Fact]
    public async Task MigrateAsync_UpToDate_DoesNothing()
    {
        await MigrateAsync(s_two);
        Assert.Equal(0, await MigrateAsync(s_two));
        Assert.Equal(2L, await ScalarAsync("select count(*) from b"));
    }

    [Fact]
    public async Task MigrateAsync_OneFails_RollsItBackAndKeepsThoseBefore()
    {
        (string, string)[] broken = [s_two[0], ("0002_create_b.sql", "create table b (id integer); select nothing_like_this();")];

        var failure = await Assert.ThrowsAsync<MigrationException>(() => MigrateAsync(broken));

        Assert.Contains("'0002_create_b' failed and was rolled back", failure.Message, StringComparison.Ordinal);
        Assert.Equal(1L, await ScalarAsync("select count(*) from schema_migrations"));
        Assert.Equal(DBNull.Value, await ScalarAsync("select to_regclass('b')::text"));
        Assert.Equal(1, await MigrateAsync(s_two));
    }

    [Fact]
    public async Task MigrateAsync_EditedAfterItsRelease_Refuses()
    {
        await MigrateAsync(s_two);
        (string, string)[] edited = [("0001_create_a.sql", "create table a (id bigint);"), s_two[1]];

        var failure = await Assert.ThrowsAsync<MigrationException>(() => MigrateAsync(edited));

        Assert.Contains("'0001_create_a'", failure.Message, StringComparison.Ordinal);
        Assert.Contains("edited after its release", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task MigrateAsync_DatabaseOfANewerPortal_Refuses()
    {
        await MigrateAsync(s_two);

        var failure = await Assert.ThrowsAsync<MigrationException>(() => MigrateAsync([s_two[0]]));

        Assert.Contains("newer portal", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task MigrateAsync_ManyAtOnce_EachMigrationIsAppliedOnce()
    {
        var applied = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => MigrateAsync(s_two)));

        Assert.Equal(2, applied.Sum());
        Assert.Equal(2L, await ScalarAsync("select count(*) from b"));
    }

    [Fact]
    public async Task MigrateAsync_LineEndsDiffer_IsTheSameMigration()
    {
        await MigrateAsync(s_two);
        Assert.Equal(0, await MigrateAsync(s_two.Select(file => (file.Item1, file.Item2.Replace("\n", "\r\n", StringComparison.Ordinal)))));
    }

    [Theory]
    [InlineData("0002_create_a.sql")]
    [InlineData("1_create_a.sql")]
    [InlineData("0001_Create.sql")]
    [InlineData("0001.sql")]
    public void Create_BadName_Refuses(string name)
    {
        Assert.Throws<MigrationException>(() => MigrationSet.Create([(name, "")]));
    }

    private Task<int> MigrateAsync(IEnumerable<(string, string)> files) =>
        new Migrator(_database, MigrationSet.Create(files), NullLogger<Migrator>.Instance).MigrateAsync(default);

    private async Task<object?> ScalarAsync(string sql)
    {
        await using var command = _database.CreateCommand(sql);
        return await command.ExecuteScalarAsync();
    }
}
