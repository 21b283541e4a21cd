using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using Portal.Contracts.Permissions;
using Portal.Web.Access;
using Portal.Web.Features.Permissions.Grants;

namespace Portal.Web.Features.Permissions.Effective;

/// <summary>What somebody may do where, and because of which grant. One's own is for everybody, others' for who manages people.</summary>
public sealed partial class AccessPage
{
    private PersonAccess? _access;
    private IReadOnlyList<AccessPlace> _places = [];
    private string _search = "";
    private string _place = "";
    private bool _lacking;
    private bool _loaded;

    [Inject]
    internal AccessReader Reader { get; init; } = null!;

    [CascadingParameter]
    public required Task<AuthenticationState> Authentication { get; set; }

    [Parameter]
    public Guid? PersonId { get; set; }

    private bool IsOwn { get; set; }

    protected override async Task OnParametersSetAsync()
    {
        var user = (await Authentication).User;
        var personId = PersonId ?? user.UserId() ?? Guid.Empty;
        IsOwn = personId == user.UserId();
        try
        {
            _access = await Reader.ReadAsync(user, personId, CancellationToken.None);
            _places = _access is null ? [] : await Reader.ListPlacesAsync(user, CancellationToken.None);
        }
        catch (AccessDeniedException)
        {
            _access = null;
        }

        _loaded = true;
    }

    private bool Fits(Permission permission) =>
        (_lacking || ReasonsFor(permission).Any())
        && (_search.Trim().Length == 0
            || $"{T(permission.Title)} {permission.Name} {T(permission.Description)}"
                .Contains(_search.Trim(), StringComparison.OrdinalIgnoreCase));

    private IEnumerable<GrantEntry> ReasonsFor(Permission permission) =>
        _access!.ReasonsFor(permission, _places.FirstOrDefault(place => place.Key == _place));
}
