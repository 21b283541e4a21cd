namespace Portal.Web.Features.FleetLists.Preferences;

/// <summary>Which columns of which list a person does not want to see. Everybody's own: nobody else reads or changes it.</summary>
public interface IColumnPreferences
{
    /// <summary>What was kept.</summary>
    /// <returns>The columns' words; null when the person never chose.</returns>
    Task<IReadOnlyList<string>?> ReadAsync(Guid personId, string list, CancellationToken cancellationToken);

    /// <summary>Keeps it, in place of what was kept before.</summary>
    Task WriteAsync(Guid personId, string list, IReadOnlyList<string> hidden, CancellationToken cancellationToken);
}
