using System.Net;
using System.Security.Claims;
using System.Security.Cryptography;
using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using Portal.Contracts.Permissions;
using Portal.Data;
using Portal.Data.Entities.Overlays;
using Portal.Web.Access;
using Portal.Web.Audit;
using Portal.Web.Features.Overlays.Telling;
using Portal.Web.Nodes;

namespace Portal.Web.Features.Overlays;

/// <summary>Lists, makes and removes networks that span nodes. They count where they are: on their environment, or on everything.</summary>
/// <remarks>Singleton; any thread. What the nodes have follows, by <see cref="OverlayWorker"/>.</remarks>
internal sealed partial class OverlayDirectory(
    IDbContextFactory<PortalDbContext> contexts,
    IAuthorizer authorizer,
    IAuditLog audit,
    IFleet fleet,
    OverlaySignal signal,
    TimeProvider time)
{
    private const int MostNetworks = 256;
    private const int FirstVni = 4096;
    private const int LastVni = (1 << 24) - 1;

    /// <summary>Those that the user may see, by name.</summary>
    public async Task<IReadOnlyList<OverlayLine>> ListAsync(ClaimsPrincipal user, CancellationToken cancellationToken)
    {
        var access = await authorizer.ReadAccessAsync(user, cancellationToken);
        await using var database = await contexts.CreateDbContextAsync(cancellationToken);
        var rows = await database.OverlayNetworks.AsNoTracking().OrderBy(row => row.Name).ToListAsync(cancellationToken);
        var members = (await database.OverlayMembers.AsNoTracking().ToListAsync(cancellationToken)).ToLookup(member => member.NetworkId);
        var nodes = fleet.Current.Nodes;
        return [.. rows.Where(row => access.Allows(PermissionNames.NetworksView, ScopeOf(row))).Select(row => new OverlayLine(
            row.Id, OverlayAddresses.EngineId(row.Id), row.Name, row.Vni, row.Port, row.Subnet, row.IsInternal, row.EnvironmentId,
            row.CreatedAt, row.AuthorName, row.IsRemoving,
            [.. members[row.Id].Select(member => Show(row, member)).OrderBy(line => line.NodeName, StringComparer.OrdinalIgnoreCase)]))];

        OverlayNodeLine Show(OverlayNetwork row, OverlayMember member)
        {
            var node = nodes.GetValueOrDefault(member.NodeId);
            return new OverlayNodeLine(
                member.NodeId, node?.Name ?? "", OverlayAddresses.Range(row, member.Block).ToString(), member.NodeAddress,
                node?.Presence == NodePresence.Online, OverlayTables.Containers(member).Count(), member.Problem);
        }
    }

    /// <summary>Makes one; its nodes get it one after another.</summary>
    /// <exception cref="AccessDeniedException">The user may not.</exception>
    /// <exception cref="OverlayException">It is wrong; the message says all that is.</exception>
    public async Task<Guid> CreateAsync(ClaimsPrincipal user, OverlayDraft draft, CancellationToken cancellationToken)
    {
        var scope = draft.EnvironmentId is { } environment ? AccessScope.Environment(environment) : AccessScope.Everything;
        var actor = await authorizer.EnsureAsync(user, PermissionNames.NetworksCreate, scope, cancellationToken);
        await using var database = await contexts.CreateDbContextAsync(cancellationToken);
        var others = await database.OverlayNetworks.AsNoTracking().ToListAsync(cancellationToken);
        var row = new OverlayNetwork
        {
            Id = Guid.CreateVersion7(time.GetUtcNow()), Name = draft.Name.Trim(), Port = OverlayAddresses.DefaultPort,
            IsInternal = draft.Internal, EnvironmentId = draft.EnvironmentId, CreatedAt = time.GetUtcNow(), AuthorName = actor.UserName,
        };
        var problems = await FillAsync(database, row, draft, others, cancellationToken);
        if (problems.Count > 0)
        {
            throw new OverlayException(string.Join(' ', problems));
        }

        database.OverlayNetworks.Add(row);
        try
        {
            await database.SaveChangesAsync(cancellationToken);
        }
        catch (DbUpdateException failure) when (failure.InnerException is PostgresException
        {
            SqlState: PostgresErrorCodes.UniqueViolation or PostgresErrorCodes.ForeignKeyViolation,
        })
        {
            throw new OverlayException("Somebody changed networks or environments at the same moment. Look, and try again.");
        }

        await RecordAsync(actor, "network.create", row, $"overlay {row.Subnet}");
        signal.Set();
        return row.Id;
    }

    /// <summary>Begins to remove one: it goes from each node that answers, then from the list.</summary>
    /// <returns>False when there is none that the user may see.</returns>
    /// <exception cref="AccessDeniedException">The user may not.</exception>
    /// <exception cref="OverlayException">Containers are on it.</exception>
    public async Task<bool> RemoveAsync(ClaimsPrincipal user, Guid id, CancellationToken cancellationToken)
    {
        await using var database = await contexts.CreateDbContextAsync(cancellationToken);
        var row = await database.OverlayNetworks.SingleOrDefaultAsync(row => row.Id == id, cancellationToken);
        if (row is null || !await authorizer.IsAllowedAsync(user, PermissionNames.NetworksView, ScopeOf(row), cancellationToken))
        {
            return false;
        }

        var actor = await authorizer.EnsureAsync(user, PermissionNames.NetworksRemove, ScopeOf(row), cancellationToken);
        var members = await database.OverlayMembers.AsNoTracking().Where(member => member.NetworkId == id).ToListAsync(cancellationToken);
        var users = members
            .Select(member => (
                Node: fleet.Current.Nodes.GetValueOrDefault(member.NodeId)?.Name ?? member.NodeId.ToString(),
                Names: OverlayTables.Containers(member).ToArray()))
            .Where(found => found.Names.Length > 0)
            .Select(found => $"{string.Join(", ", found.Names.Take(5))} on {found.Node}")
            .ToArray();
        if (users.Length > 0)
        {
            throw new OverlayException(
                $"Containers are on network '{row.Name}': {string.Join("; ", users.Take(5))}. Take them off it first.");
        }

        row.IsRemoving = true;
        await database.SaveChangesAsync(cancellationToken);
        await RecordAsync(actor, "network.remove", row, "overlay");
        signal.Set();
        return true;
    }

    private async Task<List<string>> FillAsync(
        PortalDbContext database, OverlayNetwork row, OverlayDraft draft, List<OverlayNetwork> others, CancellationToken cancellationToken)
    {
        var problems = new List<string>();
        AddIf(!NetworkName().IsMatch(row.Name) || row.Name is "bridge" or "host" or "none",
            "A name has 1 to 128 letters, digits, '.', '_' and '-', and begins with a letter or digit; bridge, host and none are taken.");
        AddIf(others.Exists(other => other.Name == row.Name), $"There is an overlay network '{row.Name}' already.");
        AddIf(others.Count >= MostNetworks, $"There are {MostNetworks} overlay networks, which is all that there can be.");
        AddIf(
            draft.EnvironmentId is { } id && !await database.Environments.AnyAsync(environment => environment.Id == id, cancellationToken),
            "There is no such environment any more.");
        var taken = others.Select(other => IPNetwork.Parse(other.Subnet)).ToArray();
        var subnet = default(IPNetwork);
        if (draft.Subnet.Trim() is not { Length: > 0 } asked)
        {
            subnet = OverlayAddresses.Choose(taken) ?? default;
            AddIf(subnet == default, "No subnet of 10.200.0.0/16 to 10.254.0.0/16 is free: name one.");
        }
        else if (OverlayAddresses.Refuse(asked, out subnet) is { } problem)
        {
            problems.Add(problem);
        }
        else if (taken.FirstOrDefault(other => OverlayAddresses.Overlap(other, subnet)) is { PrefixLength: > 0 } other)
        {
            problems.Add($"{subnet} overlaps {other}, which another overlay network has.");
        }

        (row.Subnet, row.BlockLength) = (subnet.ToString(), OverlayAddresses.BlockLength(subnet));

        // Random: networks of two portals on one wire hardly ever have the same number.
        do
        {
            row.Vni = RandomNumberGenerator.GetInt32(FirstVni, LastVni + 1);
        }
        while (others.Exists(other => other.Vni == row.Vni));

        return problems;

        void AddIf(bool isWrong, string text)
        {
            if (isWrong)
            {
                problems.Add(text);
            }
        }
    }

    private Task RecordAsync(Actor actor, string action, OverlayNetwork row, string detail) => audit.WriteAsync(
        new AuditEntry(actor, action, "network", row.Id.ToString(), row.Name, null, AuditOutcome.Succeeded, detail),
        CancellationToken.None);

    private static AccessScope ScopeOf(OverlayNetwork row) => AccessScope.From(row.EnvironmentId, null);

    [GeneratedRegex(@"\A[a-zA-Z0-9][a-zA-Z0-9_.-]{0,127}\z")]
    private static partial Regex NetworkName();
}
