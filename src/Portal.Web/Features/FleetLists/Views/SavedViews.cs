using System.Security.Claims;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using Portal.Contracts.Permissions;
using Portal.Data;
using Portal.Data.Entities.Lists;
using Portal.Web.Access;
using Portal.Web.Access.Changes;
using Portal.Web.Audit;

namespace Portal.Web.Features.FleetLists.Views;

/// <summary>In the database, so that they are the same in every browser and on every portal.</summary>
/// <remarks>Singleton; any thread.</remarks>
internal sealed class SavedViews(IDbContextFactory<PortalDbContext> contexts, IAuthorizer authorizer, IAuditLog audit, TimeProvider time)
    : ISavedViews
{
    private const int MostOfOne = 200;
    private const int LongestName = 64;
    private const int MostColumns = 30;

    private static readonly Dictionary<string, string> s_lists = new()
    {
        ["containers"] = PermissionNames.ContainersView,
        ["images"] = PermissionNames.ImagesView,
        ["volumes"] = PermissionNames.VolumesView,
        ["networks"] = PermissionNames.NetworksView,
    };

    public async Task<IReadOnlyList<SavedViewEntry>> ListAsync(ClaimsPrincipal user, string? list, CancellationToken cancellationToken)
    {
        var userId = user.UserId() ?? Guid.Empty;
        var access = await authorizer.ReadAccessAsync(user, cancellationToken);
        var lists = s_lists.Where(pair => (list is null || list == pair.Key) && access.AllowsSomewhere(pair.Value))
            .Select(pair => pair.Key).ToArray();
        await using var database = await contexts.CreateDbContextAsync(cancellationToken);
        var defaults = await database.UserPreferences.AsNoTracking()
            .Where(row => row.UserId == userId && row.Key.StartsWith("view."))
            .Select(row => row.Value).ToListAsync(cancellationToken);
        var rows = await (
            from view in database.SavedViews.AsNoTracking()
            where lists.Contains(view.List)
            where view.OwnerId == userId
                || database.TeamMembers.Any(member => member.TeamId == view.TeamId && member.UserId == userId)
            orderby view.OwnerId != userId, view.Name, view.Id
            select new
            {
                View = view,
                Owner = database.Users.Where(person => person.Id == view.OwnerId).Select(person => person.UserName).FirstOrDefault(),
                Team = database.Teams.Where(team => team.Id == view.TeamId).Select(team => team.Name).FirstOrDefault(),
            }).ToListAsync(cancellationToken);
        return [.. rows.Select(row => new SavedViewEntry(
            row.View.Id, row.View.List, row.View.Name, row.Owner ?? "", row.View.OwnerId == userId, row.View.TeamId, row.Team,
            row.View.Query, row.View.Hidden, defaults.Contains(row.View.Id.ToString())))];
    }

    public async Task<IReadOnlyList<(Guid Id, string Name)>> ListTeamsAsync(ClaimsPrincipal user, CancellationToken cancellationToken)
    {
        var userId = user.UserId() ?? Guid.Empty;
        await using var database = await contexts.CreateDbContextAsync(cancellationToken);
        var teams = await database.Teams.AsNoTracking()
            .Where(team => database.TeamMembers.Any(member => member.TeamId == team.Id && member.UserId == userId))
            .OrderBy(team => team.Name).Select(team => new { team.Id, team.Name }).ToListAsync(cancellationToken);
        return [.. teams.Select(team => (team.Id, team.Name))];
    }

    public async Task<AccessChange> SaveAsync(ClaimsPrincipal user, Guid? id, SavedViewDraft draft, CancellationToken cancellationToken)
    {
        var actor = user.ToActor();
        await using var database = await contexts.CreateDbContextAsync(cancellationToken);
        var row = await database.SavedViews.SingleOrDefaultAsync(
            view => view.Id == id && view.OwnerId == actor.UserId, cancellationToken);
        var (list, name) = (row?.List ?? draft.List, draft.Name.Trim());
        if (!s_lists.TryGetValue(list, out var permission))
        {
            return new AccessChange(E("A list is one of {0}.", string.Join(", ", s_lists.Keys)));
        }

        if (!(await authorizer.ReadAccessAsync(user, cancellationToken)).AllowsSomewhere(permission))
        {
            await authorizer.EnsureAsync(user, permission, AccessScope.Everything, cancellationToken);
        }

        var query = ViewQuery.Clean(draft.Query);
        var count = await database.SavedViews.CountAsync(view => view.OwnerId == actor.UserId, cancellationToken);
        var problem = id is not null && row is null ? N("There is no such view of yours any more.")
            : name.Length is 0 or > LongestName || name.Any(char.IsControl) ? E("A name has 1 to {0} characters.", LongestName)
            : query.Length > ViewQuery.Longest ? N("That is more than a view can hold.")
            : draft.Hidden.Count > MostColumns || !draft.Hidden.All(IsWord) ? N("A column is a word of the list's.")
            : row is null && count >= MostOfOne ? E("You have {0} views. Remove those that you don't use.", MostOfOne)
            : draft.TeamId is { } team && team != row?.TeamId && (await ListTeamsAsync(user, cancellationToken)).All(one => one.Id != team)
                ? N("A view is shared with a team that you are in.") : null;
        if (problem is not null)
        {
            return new AccessChange(problem);
        }

        var now = time.GetUtcNow();
        row ??= database.SavedViews.Add(new SavedView
        {
            Id = Guid.CreateVersion7(now), List = list, OwnerId = actor.UserId, CreatedAt = now,
        }).Entity;
        (row.Name, row.TeamId, row.Query, row.ChangedAt) = (name, draft.TeamId, query, now);
        row.Hidden = [.. draft.Hidden.Distinct().Order(StringComparer.Ordinal)];
        try
        {
            await database.SaveChangesAsync(cancellationToken);
        }
        catch (DbUpdateException failure)
            when (failure.InnerException is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation })
        {
            return new AccessChange(E("You have a view named '{0}' of this list.", name));
        }

        await RecordAsync(actor, "view.save", row, row.TeamId is null ? "" : $"shared with the team {row.TeamId}");
        return new AccessChange(null, row.Id);
    }

    public async Task<bool> RemoveAsync(ClaimsPrincipal user, Guid id, CancellationToken cancellationToken)
    {
        var actor = user.ToActor();
        await using var database = await contexts.CreateDbContextAsync(cancellationToken);
        if (await database.SavedViews.SingleOrDefaultAsync(view => view.Id == id && view.OwnerId == actor.UserId, cancellationToken)
            is not { } row)
        {
            return false;
        }

        database.SavedViews.Remove(row);
        await database.SaveChangesAsync(cancellationToken);
        var (key, text) = (KeyOf(row.List), id.ToString());
        await database.UserPreferences.Where(kept => kept.Key == key && kept.Value == text).ExecuteDeleteAsync(CancellationToken.None);
        await RecordAsync(actor, "view.remove", row, "");
        return true;
    }

    public async Task<bool> SetDefaultAsync(ClaimsPrincipal user, Guid id, bool isDefault, CancellationToken cancellationToken)
    {
        if ((await ListAsync(user, null, cancellationToken)).FirstOrDefault(view => view.Id == id) is not { } view)
        {
            return false;
        }

        var (userId, key, text) = (user.UserId()!.Value, KeyOf(view.List), id.ToString());
        await using var database = await contexts.CreateDbContextAsync(cancellationToken);
        _ = isDefault
            ? await database.Database.ExecuteSqlAsync(
                $"""
                insert into user_preferences (user_id, key, value) values ({userId}, {key}, {text})
                on conflict (user_id, key) do update set value = excluded.value
                """,
                cancellationToken)
            : await database.UserPreferences.Where(row => row.UserId == userId && row.Key == key && row.Value == text)
                .ExecuteDeleteAsync(cancellationToken);
        return true;
    }

    private static bool IsWord(string? word) => word is { Length: > 0 and <= 32 } && word.All(char.IsAsciiLetterLower);

    private static string KeyOf(string list) => $"view.{list}";

    // Not cancelled with the caller: it is done.
    private Task RecordAsync(Actor actor, string action, SavedView view, string detail) => audit.WriteAsync(
        new AuditEntry(actor, action, "view", view.Id.ToString(), $"{view.List}: {view.Name}", null, AuditOutcome.Succeeded, detail),
        CancellationToken.None);
}
