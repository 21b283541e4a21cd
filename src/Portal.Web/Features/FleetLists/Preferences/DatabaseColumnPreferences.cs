using Microsoft.EntityFrameworkCore;
using Portal.Data;

namespace Portal.Web.Features.FleetLists.Preferences;

/// <summary>In the table of preferences, so that they are the same in every browser and on every portal.</summary>
internal sealed class DatabaseColumnPreferences(IDbContextFactory<PortalDbContext> contexts) : IColumnPreferences
{
    public async Task<IReadOnlyList<string>?> ReadAsync(Guid personId, string list, CancellationToken cancellationToken)
    {
        await using var database = await contexts.CreateDbContextAsync(cancellationToken);
        var key = KeyOf(list);
        var kept = await database.UserPreferences.AsNoTracking()
            .SingleOrDefaultAsync(preference => preference.UserId == personId && preference.Key == key, cancellationToken);
        return kept?.Value.Split(',', StringSplitOptions.RemoveEmptyEntries);
    }

    public async Task WriteAsync(Guid personId, string list, IReadOnlyList<string> hidden, CancellationToken cancellationToken)
    {
        await using var database = await contexts.CreateDbContextAsync(cancellationToken);
        var key = KeyOf(list);
        var value = string.Join(',', hidden);
        await database.Database.ExecuteSqlAsync(
            $"""
            insert into user_preferences (user_id, key, value) values ({personId}, {key}, {value})
            on conflict (user_id, key) do update set value = excluded.value
            """,
            cancellationToken);
    }

    private static string KeyOf(string list) => $"columns.{list}";
}
