using Npgsql;
using Portal.Web.Reconcilers;

namespace Portal.Web.Features.Webhooks.Work;

/// <summary>
/// Forgets deliveries: their bodies and headers after 30 days or behind the newest 200 of a webhook, all of them after a year. Till then
/// they are remembered by what their senders called them and what was signed, so that an old one that somebody caught is of no use.
/// </summary>
internal sealed class HookRetention(NpgsqlDataSource database, TimeProvider time, ILogger<HookRetention> logger)
    : SoleWorker(database, LockKey, TimeSpan.FromMinutes(10), time, logger)
{
    // "hooksold" in ASCII.
    private const long LockKey = 0x686F6F6B736F6C64;
    private const int KeptBodies = 200;
    private readonly NpgsqlDataSource _database = database;
    private readonly TimeProvider _time = time;

    protected override string Name => "forgetting webhook deliveries";

    protected override async Task RunRoundAsync(CancellationToken cancellationToken)
    {
        var now = _time.GetUtcNow().UtcDateTime;
        await using var batch = _database.CreateBatch();
        batch.BatchCommands.Add(new NpgsqlBatchCommand("delete from webhook_deliveries where due_at is null and received_at < $1")
        {
            Parameters = { new NpgsqlParameter<DateTime> { TypedValue = now - TimeSpan.FromDays(365) } },
        });
        batch.BatchCommands.Add(new NpgsqlBatchCommand(
            """
            update webhook_deliveries set body = null, headers = '{}'
            where due_at is null and body is not null and (received_at < $1 or id in (
                select id from (
                    select id, row_number() over (partition by webhook_id order by received_at desc) as place
                    from webhook_deliveries) as all_of_them
                where place > $2))
            """)
        {
            Parameters =
            {
                new NpgsqlParameter<DateTime> { TypedValue = now - TimeSpan.FromDays(30) },
                new NpgsqlParameter<int> { TypedValue = KeptBodies },
            },
        });
        await batch.ExecuteNonQueryAsync(cancellationToken);
    }
}
