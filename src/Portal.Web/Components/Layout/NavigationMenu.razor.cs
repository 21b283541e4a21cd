using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using Portal.Contracts.Permissions;
using Portal.Web.Access;

namespace Portal.Web.Components.Layout;

/// <summary>The main menu: what the user may open.</summary>
public sealed partial class NavigationMenu
{
    private static readonly NavigationGroup[] s_all =
    [
        new("Fleet",
        [
            new("Dashboard", "/", "space_dashboard", PermissionNames.NodesView),
            new("Nodes", "/nodes", "dns", PermissionNames.NodesView),
            new("Containers", "/containers", "deployed_code", PermissionNames.ContainersView),
            new("Images", "/images", "layers", PermissionNames.ImagesView),
            new("Builds", "/builds", "construction", PermissionNames.ImagesBuild),
            new("Volumes", "/volumes", "database", PermissionNames.VolumesView),
            new("Networks", "/networks", "lan", PermissionNames.NetworksView),
            new("Registries", "/registries", "warehouse", PermissionNames.RegistriesView),
        ]),
        new("Watch",
        [
            new("Stats", "/stats", "monitoring", PermissionNames.NodesView),
        ]),
        new("Administration",
        [
            new("People", "/people", "group", PermissionNames.UsersManage),
            new("Tokens", "/tokens", "vpn_key", PermissionNames.UsersManage),
            new("Audit", "/audit", "history", PermissionNames.AuditView),
        ]),
    ];

    private IReadOnlyList<NavigationGroup> _groups = [];

    [Inject]
    public required IAuthorizer Authorizer { get; init; }

    [CascadingParameter]
    public required Task<AuthenticationState> Authentication { get; set; }

    protected override async Task OnInitializedAsync()
    {
        var access = await Authorizer.ReadAccessAsync((await Authentication).User, CancellationToken.None);
        _groups = [.. s_all
            .Select(group => new NavigationGroup(group.Title, [.. group.Items.Where(item => access.AllowsSomewhere(item.Permission))]))
            .Where(group => group.Items.Count > 0)];
    }

    private sealed record NavigationGroup(string Title, IReadOnlyList<NavigationItem> Items);

    private sealed record NavigationItem(string Title, string Href, string Icon, string Permission);
}
