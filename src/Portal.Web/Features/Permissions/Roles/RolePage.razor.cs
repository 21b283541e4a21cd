using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using Portal.Contracts.Permissions;
using Portal.Web.Access;
using Portal.Web.Components.Dialogs;

namespace Portal.Web.Features.Permissions.Roles;

/// <summary>One role with its permissions: to look at a built-in one, to change another, or to make a new one.</summary>
public sealed partial class RolePage
{
    private const string New = "new";
    private readonly HashSet<string> _chosen = new(StringComparer.Ordinal);
    private string _title = "";
    private string _name = "";
    private string _description = "";
    private string? _shown;
    private string? _error;
    private bool _missing;
    private bool _busy;

    [Inject]
    internal RoleDirectory Directory { get; init; } = null!;

    [Inject]
    public required PortalDialogs Dialogs { get; init; }

    [Inject]
    public required NavigationManager Navigation { get; init; }

    [CascadingParameter]
    public required Task<AuthenticationState> Authentication { get; set; }

    /// <summary>The role's key, or <c>new</c>.</summary>
    [Parameter]
    public string Key { get; set; } = "";

    /// <summary>The role that a new one begins as a copy of.</summary>
    [SupplyParameterFromQuery]
    public string? From { get; set; }

    private bool IsNew => Key == New;

    private bool IsBuiltIn => BuiltInRoles.Find(Key) is not null;

    protected override async Task OnParametersSetAsync()
    {
        var shown = $"{Key} {From}";
        if (shown == _shown)
        {
            return;
        }

        _shown = shown;
        _chosen.Clear();
        var key = IsNew ? From : Key;
        var role = key is null ? null : await Directory.FindAsync((await Authentication).User, key, CancellationToken.None);
        _missing = role is null && !IsNew;
        if (role is not null)
        {
            _chosen.UnionWith(role.Permissions);
            _title = role.Title;
            _name = IsNew ? T("{0} copy", role.Title) : role.Name;
            _description = role.Summary;
        }
    }

    private void Toggle(string name) => _ = _chosen.Remove(name) || _chosen.Add(name);

    private void ToggleAll(PermissionGroup group)
    {
        var names = group.Permissions.Select(permission => permission.Name);
        if (IsAll(group))
        {
            _chosen.ExceptWith(names);
        }
        else
        {
            _chosen.UnionWith(names);
        }
    }

    private bool IsAll(PermissionGroup group) => group.Permissions.All(permission => _chosen.Contains(permission.Name));

    private async Task SaveAsync()
    {
        var user = (await Authentication).User;
        var input = new RoleInput(_name, _description, [.. _chosen]);
        _busy = true;
        var change = Guid.TryParse(Key, out var id)
            ? await Directory.UpdateAsync(user, id, input, CancellationToken.None)
            : await Directory.CreateAsync(user, input, CancellationToken.None);
        _busy = false;
        _error = change.Error;
        if (_error is null)
        {
            Dialogs.Done(T("Saved {0}", _name.Trim()));
            Navigation.NavigateTo("roles");
        }
    }
}
