using Npgsql;
using Portal.Web.Reconcilers;

namespace Portal.Web.Features.Events;

/// <summary>
/// Drops old events, in one portal of all that share the database: after thirty days, and of each node all but its newest hundred thousand.
/// </summary>
internal sealed class EventRetention(NpgsqlDataSource database, TimeProvider time, ILogger<EventRetention> logger)
    : SoleWorker(database, LockKey, s_interval, time, logger)
{
    public const int Days = 30;
    public const int MostOfNode = 100_000;

    // "eventold" in ASCII.
    private const long LockKey = 0x6576656E746F6C64;
    private static readonly TimeSpan s_interval = TimeSpan.FromMinutes(10);
    private readonly NpgsqlDataSource _database = database;
    private readonly TimeProvider _time = time;

    protected override string Name => "dropping old events";

    protected override Task RunRoundAsync(CancellationToken cancellationToken) =>
        DropAsync(_database, _time.GetUtcNow().AddDays(-Days), MostOfNode, cancellationToken);

    internal static async Task DropAsync(NpgsqlDataSource database, DateTimeOffset before, int most, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            """
            delete from node_events using (
                select nodes.id, greatest($1, (
                    select at from node_events where node_id = nodes.id order by at desc offset $2 limit 1)) as oldest
                from nodes
            ) as kept
            where node_events.node_id = kept.id and (node_events.at < $1 or (node_events.at <= kept.oldest and kept.oldest > $1))
            """);
        command.Parameters.Add(new() { Value = before.ToUniversalTime() });
        command.Parameters.Add(new() { Value = most });
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
