using System.Security.Claims;
using System.Text.Json;
using Npgsql;
using NpgsqlTypes;
using Portal.Contracts.Permissions;
using Portal.Web.Access;
using Portal.Web.Nodes;

namespace Portal.Web.Features.Events;

/// <summary>
/// Reads kept events, newest first: of each node those about objects that the user may see there. Who may see a node but not its
/// containers reads nothing of what was run in them.
/// </summary>
/// <remarks>Singleton; any thread.</remarks>
public sealed class EventReader(NpgsqlDataSource database, IFleet fleet, IAuthorizer authorizer)
{
    private static readonly (string Type, string Permission)[] s_permissions =
    [
        ("container", PermissionNames.ContainersView),
        ("image", PermissionNames.ImagesView),
        ("network", PermissionNames.NetworksView),
        ("volume", PermissionNames.VolumesView),
        ("daemon", PermissionNames.NodesView),
    ];

    /// <param name="user">Who asks.</param>
    /// <param name="filter">Which.</param>
    /// <param name="before">Only older ones than that; null for the newest.</param>
    /// <param name="count">At most so many.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<IReadOnlyList<FleetEvent>> ReadAsync(
        ClaimsPrincipal user, EventFilter filter, FleetEvent? before, int count, CancellationToken cancellationToken)
    {
        var access = await authorizer.ReadAccessAsync(user, cancellationToken);
        var (nodes, types) = Allowed(access, filter);
        if (nodes.Length == 0)
        {
            return [];
        }

        // Each node's newest by the index of its own; a node has as few types as it has permissions for.
        await using var command = database.CreateCommand(
            """
            select e.node_id, e.epoch, e.sequence, e.at, e.type, e.action, e.actor_id, e.attributes
            from (select node_id, array_agg(type) as types from unnest($1, $2) as allowed (node_id, type) group by node_id) as allowed
            cross join lateral (
                select * from node_events
                where node_id = allowed.node_id and type = any(allowed.types)
                    and ($3 = '' or action ilike $3 or actor_id ilike $3
                        or attributes ->> 'name' ilike $3 or attributes ->> 'image' ilike $3)
                    and ($4::timestamptz is null or at < $4
                        or (at = $4 and (node_id < $5 or (node_id = $5 and (epoch, sequence) < ($6, $7)))))
                order by at desc, epoch desc, sequence desc limit $8
            ) as e
            order by e.at desc, e.node_id desc, e.epoch desc, e.sequence desc limit $8
            """);
        command.Parameters.Add(new() { Value = nodes });
        command.Parameters.Add(new() { Value = types });
        command.Parameters.Add(new() { Value = Pattern(filter.Text) });
        command.Parameters.Add(new() { Value = (object?)before?.At ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.TimestampTz });
        command.Parameters.Add(new() { Value = before?.NodeId ?? Guid.Empty });
        command.Parameters.Add(new() { Value = before?.Epoch ?? 0 });
        command.Parameters.Add(new() { Value = before?.Sequence ?? 0L });
        command.Parameters.Add(new() { Value = count });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var events = new List<FleetEvent>();
        while (await reader.ReadAsync(cancellationToken))
        {
            var attributes = JsonSerializer.Deserialize<Dictionary<string, string>>(reader.GetString(7)) ?? [];
            events.Add(new FleetEvent(
                reader.GetGuid(0), reader.GetInt32(1), reader.GetInt64(2), reader.GetFieldValue<DateTimeOffset>(3),
                reader.GetString(4), reader.GetString(5), reader.GetString(6), attributes));
        }

        return events;
    }

    private (Guid[] Nodes, string[] Types) Allowed(EffectiveAccess access, EventFilter filter)
    {
        var allowed =
            from node in fleet.Current.Nodes.Values
            where NodeSelection.Holds(filter.Node, node)
            from rule in s_permissions
            where (filter.Type.Length == 0 || filter.Type == rule.Type) && access.Allows(rule.Permission, AccessScope.Node(node.Id))
            select (node.Id, rule.Type);
        var pairs = allowed.ToList();
        return ([.. pairs.Select(pair => pair.Id)], [.. pairs.Select(pair => pair.Type)]);
    }

    // What people type is text: no letter of it stands for others.
    private static string Pattern(string text) => text.Trim() is { Length: > 0 } trimmed
        ? "%" + trimmed.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("%", "\\%", StringComparison.Ordinal)
            .Replace("_", "\\_", StringComparison.Ordinal) + "%"
        : "";
}
