using Xunit;

namespace Portal.Testing.Databases;

/// <summary>An empty database for one test class: <c>IClassFixture&lt;PostgresFixture&gt;</c>.</summary>
public sealed class PostgresFixture : IAsyncLifetime
{
    private PostgresCluster? _cluster;

    /// <summary>For Npgsql, over a unix socket.</summary>
    public string ConnectionString { get; private set; } = "";

    public async Task InitializeAsync()
    {
        _cluster = await PostgresCluster.SharedAsync;
        ConnectionString = await _cluster.CreateDatabaseAsync();
    }

    public async Task DisposeAsync() => await _cluster!.DropDatabaseAsync(ConnectionString);
}
