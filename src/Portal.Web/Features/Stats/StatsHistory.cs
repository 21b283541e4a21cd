using System.Security.Claims;
using Npgsql;
using Portal.Contracts.Permissions;
using Portal.Web.Access;
using Portal.Web.Features.Containers;
using Portal.Web.Features.Stats.History;

namespace Portal.Web.Features.Stats;

/// <summary>Reads the stats history for people, of what they may see.</summary>
/// <remarks>Singleton; any thread.</remarks>
public sealed class StatsHistory(NpgsqlDataSource database, IAuthorizer authorizer, TimeProvider time)
{
    private const int Seconds = 15;

    /// <summary>A container's history. One of the same name on the same node that it stands for, as after an update, goes before it.</summary>
    /// <exception cref="AccessDeniedException">The user may not see the node's containers, or not read the history there.</exception>
    public async Task<IReadOnlyList<HistoryPoint>> OfContainerAsync(
        ClaimsPrincipal user, ContainerKey container, string name, StatsRange range, CancellationToken cancellationToken)
    {
        await authorizer.EnsureAsync(user, PermissionNames.ContainersView, AccessScope.Node(container.NodeId), cancellationToken);
        await authorizer.EnsureAsync(user, PermissionNames.MetricsView, AccessScope.Node(container.NodeId), cancellationToken);
        return await ReadAsync(
            "node_id = any($5) and container_id <> '' and (container_id = $6 or name = $7)",
            range,
            [container.NodeId],
            container.Id,
            name,
            cancellationToken);
    }

    /// <summary>The history of nodes, added up: those of them that the user may see.</summary>
    public async Task<IReadOnlyList<HistoryPoint>> OfNodesAsync(
        ClaimsPrincipal user, IReadOnlyCollection<Guid> nodes, StatsRange range, CancellationToken cancellationToken)
    {
        var access = await authorizer.ReadAccessAsync(user, cancellationToken);
        Guid[] visible = [.. nodes.Where(node => Shows(access, PermissionNames.NodesView, node))];
        return visible.Length == 0
            ? []
            : await ReadAsync(
                "node_id = any($5) and container_id = $6 and name is distinct from $7", range, visible, "", "-", cancellationToken);
    }

    /// <summary>The containers that used most on those of the nodes that the user may see.</summary>
    /// <param name="user">Who asks.</param>
    /// <param name="nodes">The nodes.</param>
    /// <param name="range">Over which time.</param>
    /// <param name="byMemory">By memory; else by processor time.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<IReadOnlyList<Consumer>> TopAsync(
        ClaimsPrincipal user, IReadOnlyCollection<Guid> nodes, StatsRange range, bool byMemory, CancellationToken cancellationToken)
    {
        var access = await authorizer.ReadAccessAsync(user, cancellationToken);
        Guid[] visible = [.. nodes.Where(node => Shows(access, PermissionNames.ContainersView, node))];
        var now = time.GetUtcNow();

        // Of averages alone, so the coarsest table that covers it with enough points will do.
        var table = range.Length <= TimeSpan.FromHours(1) ? StatsResolution.Fine
            : range.Length <= TimeSpan.FromDays(1) ? StatsResolution.Middle : StatsResolution.Coarse;
        await using var command = database.CreateCommand(
            $"""
            select s.node_id, s.container_id, s.name, avg(p.cpu), avg(p.memory), max(p.memory_peak)
            from stats_subjects s join {table.Table} p on p.subject_id = s.id
            where s.node_id = any($1) and s.container_id <> '' and p.at >= $2
            group by s.id order by {(byMemory ? "5" : "4")} desc nulls last limit 10
            """);
        command.CommandTimeout = Seconds;
        command.Parameters.Add(new NpgsqlParameter<Guid[]> { TypedValue = visible });
        command.Parameters.Add(new NpgsqlParameter<DateTime> { TypedValue = (now - range.Length).UtcDateTime });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var consumers = new List<Consumer>();
        while (await reader.ReadAsync(cancellationToken))
        {
            consumers.Add(new Consumer(
                new ContainerKey(reader.GetGuid(0), reader.GetString(1), reader.GetString(2)),
                Number(reader, 3) ?? 0,
                Number(reader, 4) ?? 0,
                Number(reader, 5) ?? 0));
        }

        return consumers;
    }

    private static bool Shows(EffectiveAccess access, string what, Guid node) =>
        access.AllowsAll([what, PermissionNames.MetricsView], AccessScope.Node(node));

    private async Task<IReadOnlyList<HistoryPoint>> ReadAsync(
        string subjects, StatsRange range, Guid[] nodes, string containerId, string name, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        await using var command = database.CreateCommand(Sql(subjects, range));
        command.CommandTimeout = Seconds;
        command.Parameters.Add(new NpgsqlParameter<TimeSpan> { TypedValue = range.Step });
        var begin = StatsResolution.Floor(now - range.Length, range.Step);
        command.Parameters.Add(new NpgsqlParameter<DateTime> { TypedValue = begin.UtcDateTime });
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = (int)StatsResolution.Middle.Step.TotalSeconds });
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = (int)StatsResolution.Coarse.Step.TotalSeconds });
        command.Parameters.Add(new NpgsqlParameter<Guid[]> { TypedValue = nodes });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = containerId });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = name });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var points = new List<HistoryPoint>();
        while (await reader.ReadAsync(cancellationToken))
        {
            points.Add(ToPoint(reader));
        }

        return points;
    }

    /// <summary>
    /// Each moment from the coarsest table that is fine enough for the range and has it already: what was not yet rolled up comes from finer
    /// ones, so a chart of days ends with now and is never empty for the first minutes.
    /// </summary>
    private static string Sql(string subjects, StatsRange range)
    {
        var columns = "subject_id, at, " + string.Join(", ", StatsRow.Columns);
        const string Middle = "(select done_until from stats_rollups where step = $3)";
        const string Coarse = "(select done_until from stats_rollups where step = $4)";
        var useMiddle = range.Step >= StatsResolution.Middle.Step;
        var useCoarse = range.Step >= StatsResolution.Coarse.Step;
        var sources = new List<string>
        {
            $"select {columns} from stats_10s where at >= greatest($2, {(useMiddle ? Middle : "$2")})",
        };
        if (useMiddle)
        {
            sources.Add($"select {columns} from stats_1m where at >= greatest($2, {(useCoarse ? Coarse : "$2")}) and at < {Middle}");
        }

        if (useCoarse)
        {
            sources.Add($"select {columns} from stats_10m where at >= $2 and at < {Coarse}");
        }

        var perSubject = string.Join(", ", StatsRow.Columns.Select(column =>
            $"{(column.EndsWith("_peak", StringComparison.Ordinal) ? "max" : "avg")}({column}) as {column}"));
        var sums = string.Join(", ", StatsRow.Columns.Select(column => $"sum({column})"));

        // A container and the one that took its place may both have a part of the same step: of those the sum is meant as well.
        return $"""
            with points as ({string.Join(" union all ", sources)}),
            steps as (
                select p.subject_id, date_bin($1, p.at, 'epoch') as at, {perSubject}
                from points p join stats_subjects s on s.id = p.subject_id where {subjects} and ($3 <> $4) group by 1, 2)
            select at, {sums} from steps group by at order by at
            """;
    }

    private static HistoryPoint ToPoint(NpgsqlDataReader reader) => new(
        new DateTimeOffset(reader.GetDateTime(0)),
        Number(reader, 1), Number(reader, 2), Number(reader, 3), Number(reader, 4), Number(reader, 5), Number(reader, 6), Number(reader, 7),
        Number(reader, 8), Number(reader, 9), Number(reader, 10), Number(reader, 11), Number(reader, 12), Number(reader, 13));

    private static double? Number(NpgsqlDataReader reader, int column) =>
        reader.IsDBNull(column) ? null : Convert.ToDouble(reader.GetValue(column));
}
