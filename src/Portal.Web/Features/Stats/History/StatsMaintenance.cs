using Microsoft.Extensions.Options;
using Npgsql;
using Portal.Web.Configuration;
using Portal.Web.Reconcilers;

namespace Portal.Web.Features.Stats.History;

/// <summary>Makes coarse points of fine ones, and drops what is too old; in one portal of all that share the database.</summary>
internal sealed partial class StatsMaintenance(
    NpgsqlDataSource database,
    StatsPartitions partitions,
    StatsRollups rollups,
    IOptions<PortalOptions> options,
    TimeProvider time,
    ILogger<StatsMaintenance> logger)
    : SoleWorker(database, LockKey, s_interval, time, logger)
{
    // "statroll" in ASCII.
    private const long LockKey = 0x73746174726F6C6C;
    private static readonly TimeSpan s_interval = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan s_dropInterval = TimeSpan.FromMinutes(10);
    private readonly NpgsqlDataSource _database = database;
    private readonly TimeProvider _time = time;
    private readonly ILogger _logger = logger;
    private DateTimeOffset _nextDrop;

    protected override string Name => "rolling up and dropping statistics";

    protected override async Task RunRoundAsync(CancellationToken cancellationToken)
    {
        var now = _time.GetUtcNow();
        var keeping = options.Value.StatsKeeping;
        await rollups.RunAsync(StatsResolution.Fine, StatsResolution.Middle, keeping, now, cancellationToken);
        await rollups.RunAsync(StatsResolution.Middle, StatsResolution.Coarse, keeping, now, cancellationToken);
        if (now < _nextDrop)
        {
            return;
        }

        foreach (var resolution in StatsResolution.All)
        {
            var dropped = await partitions.DropBeforeAsync(resolution, now - keeping.Of(resolution), cancellationToken);
            if (dropped.Count > 0)
            {
                LogDropped(string.Join(", ", dropped));
            }
        }

        await ForgetSubjectsAsync(now - keeping.Coarse, cancellationToken);
        _nextDrop = now + s_dropInterval;
    }

    // A container that is gone leaves its line until its last point has gone.
    private async Task ForgetSubjectsAsync(DateTimeOffset before, CancellationToken cancellationToken)
    {
        await using var command = _database.CreateCommand(
            """
            delete from stats_subjects where container_id <> '' and first_seen_at < $1
                and not exists (select 1 from stats_10m where subject_id = stats_subjects.id)
                and not exists (select 1 from stats_10s where subject_id = stats_subjects.id)
            """);
        command.Parameters.Add(new NpgsqlParameter<DateTime> { TypedValue = before.UtcDateTime });
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    [LoggerMessage(2412, LogLevel.Information, "Dropped old statistics: {Partitions}.")]
    private partial void LogDropped(string partitions);
}
