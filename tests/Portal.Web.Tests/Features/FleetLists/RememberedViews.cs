using System.Security.Claims;
using Portal.Web.Access.Changes;
using Portal.Web.Features.FleetLists.Views;

namespace Portal.Web.Tests.Features.FleetLists;

/// <summary>Saved views of one person, in memory.</summary>
internal sealed class RememberedViews : ISavedViews
{
    public List<SavedViewEntry> All { get; } = [];

    /// <summary>Adds one as it would be told.</summary>
    public void Add(string name, string query, bool isDefault = false, params string[] hidden) =>
        All.Add(new SavedViewEntry(Guid.NewGuid(), "containers", name, "me", true, null, null, query, hidden, isDefault));

    public Task<IReadOnlyList<SavedViewEntry>> ListAsync(ClaimsPrincipal user, string? list, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<SavedViewEntry>>([.. All.Where(view => view.List == list)]);

    public Task<IReadOnlyList<(Guid Id, string Name)>> ListTeamsAsync(ClaimsPrincipal user, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<(Guid Id, string Name)>>([]);

    public Task<AccessChange> SaveAsync(ClaimsPrincipal user, Guid? id, SavedViewDraft draft, CancellationToken cancellationToken) =>
        Task.FromResult(AccessChange.Done);

    public Task<bool> RemoveAsync(ClaimsPrincipal user, Guid id, CancellationToken cancellationToken) => Task.FromResult(true);

    public Task<bool> SetDefaultAsync(ClaimsPrincipal user, Guid id, bool isDefault, CancellationToken cancellationToken) =>
        Task.FromResult(true);
}
