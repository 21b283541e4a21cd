using Microsoft.Extensions.Options;
using Npgsql;
using Portal.Web.Configuration;
using Portal.Web.Reconcilers;

namespace Portal.Web.Features.Deployments.Keeping;

/// <summary>
/// Forgets old deployments, in one portal of all that share the database. Never those that are open, nor a stack's newest, nor its newest
/// of each operation that succeeded: that is what one goes back to, and its log says how it came about.
/// </summary>
internal sealed class DeploymentRetention(
    NpgsqlDataSource database, IOptions<PortalOptions> options, TimeProvider time, ILogger<DeploymentRetention> logger)
    : SoleWorker(database, LockKey, TimeSpan.FromMinutes(10), time, logger)
{
    // "deploold" in ASCII.
    private const long LockKey = 0x6465706C6F6F6C64;

    // Not all at once, so that no round holds many rows for long.
    private const int AtOnce = 500;

    private const string Old =
        """
        with placed as (
            select id, finished_at, state,
                row_number() over (partition by stack_id order by created_at desc, id desc) as place,
                row_number() over (partition by stack_id, operation, state order by created_at desc, id desc) as place_of_its_kind
            from deployments)
        select id from placed
        where finished_at is not null and place > 1 and not (state = 'Succeeded' and place_of_its_kind = 1)
        """;

    private readonly NpgsqlDataSource _database = database;
    private readonly TimeProvider _time = time;

    protected override string Name => "forgetting old deployments";

    protected override Task RunRoundAsync(CancellationToken cancellationToken) =>
        ForgetAsync(_database, options.Value.DeploymentKeeping, _time.GetUtcNow(), cancellationToken);

    internal static async Task ForgetAsync(
        NpgsqlDataSource database, DeploymentKeeping keeping, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await RepeatAsync(
            database,
            $"delete from deployments where id in ({Old} and (finished_at < $1 or place > $2) limit {AtOnce})",
            [
                new NpgsqlParameter<DateTime> { TypedValue = (now - keeping.Age).UtcDateTime },
                new NpgsqlParameter<int> { TypedValue = keeping.Count },
            ],
            cancellationToken);
        await RepeatAsync(
            database,
            $"""
            delete from deployment_lines where deployment_id in (
                {Old} and finished_at < $1
                    and exists (select 1 from deployment_lines line where line.deployment_id = placed.id) limit {AtOnce})
            """,
            [new NpgsqlParameter<DateTime> { TypedValue = (now - keeping.LogAge).UtcDateTime }],
            cancellationToken);
    }

    private static async Task RepeatAsync(
        NpgsqlDataSource database, string statement, NpgsqlParameter[] parameters, CancellationToken cancellationToken)
    {
        int count;
        do
        {
            await using var command = database.CreateCommand(statement);
            foreach (var parameter in parameters)
            {
                command.Parameters.Add(parameter.Clone());
            }

            count = await command.ExecuteNonQueryAsync(cancellationToken);
        }
        while (count > 0);
    }
}
