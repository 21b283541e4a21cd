using System.Security.Claims;
using Portal.Web.Access;
using Portal.Web.Access.Changes;

namespace Portal.Web.Features.FleetLists.Views;

/// <summary>
/// The views of lists that people have saved: one's own, and those of others that were shared with a team that one is in. Only its owner
/// changes one. What a view shows is decided by the list, for whoever looks.
/// </summary>
public interface ISavedViews
{
    /// <summary>One's own first, each by name.</summary>
    /// <param name="user">Who asks.</param>
    /// <param name="list">Of which list; null for all that they may see.</param>
    /// <param name="cancellationToken">Gives up.</param>
    Task<IReadOnlyList<SavedViewEntry>> ListAsync(ClaimsPrincipal user, string? list, CancellationToken cancellationToken);

    /// <summary>The teams with which the user can share: those that they are in.</summary>
    Task<IReadOnlyList<(Guid Id, string Name)>> ListTeamsAsync(ClaimsPrincipal user, CancellationToken cancellationToken);

    /// <summary>Makes a view, or changes one's own.</summary>
    /// <param name="user">Who asks.</param>
    /// <param name="id">Null for a new one.</param>
    /// <param name="draft">What it shall be.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="AccessDeniedException">The user may not see the list.</exception>
    Task<AccessChange> SaveAsync(ClaimsPrincipal user, Guid? id, SavedViewDraft draft, CancellationToken cancellationToken);

    /// <summary>Removes a view of one's own; whoever began with it begins with the whole list.</summary>
    /// <returns>False when there is none.</returns>
    Task<bool> RemoveAsync(ClaimsPrincipal user, Guid id, CancellationToken cancellationToken);

    /// <summary>Chooses what a list begins with, for oneself alone.</summary>
    /// <param name="user">Who asks.</param>
    /// <param name="id">Which view.</param>
    /// <param name="isDefault">False for the whole list again, when it began with this.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>False when there is none that they may see.</returns>
    Task<bool> SetDefaultAsync(ClaimsPrincipal user, Guid id, bool isDefault, CancellationToken cancellationToken);
}
