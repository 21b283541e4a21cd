using Portal.Contracts.Permissions;

namespace Portal.Web.Components.Layout;

/// <summary>The pages that the main menu leads to: known here once, for the menu, the command palette and the keyboard.</summary>
public static class PortalPages
{
    public static IReadOnlyList<PageGroup> All { get; } =
    [
        new(N("Fleet"),
        [
            new(N("Dashboard"), "/", "space_dashboard", PermissionNames.NodesView, 'd'),
            new(N("Nodes"), "/nodes", "dns", PermissionNames.NodesView, 'n'),
            new(N("Environments"), "/environments", "account_tree", PermissionNames.NodesView, 'e'),
            new(N("Containers"), "/containers", "deployed_code", PermissionNames.ContainersView, 'c'),
            new(N("Images"), "/images", "layers", PermissionNames.ImagesView, 'i'),
            new(N("Volumes"), "/volumes", "database", PermissionNames.VolumesView, 'v'),
            new(N("Networks"), "/networks", "lan", PermissionNames.NetworksView, 'w'),
        ]),
        new(N("Deliver"),
        [
            new(N("Stacks"), "/stacks", "stacks", PermissionNames.StacksView, 'k'),
            new(N("Templates"), "/templates", "widgets", PermissionNames.StacksEdit),
            new(N("Deployments"), "/deployments", "rocket_launch", PermissionNames.StacksView),
            new(N("Builds"), "/builds", "construction", PermissionNames.ImagesBuild, 'b', PermissionNames.BuildsView),
            new(N("Jobs"), "/jobs", "schedule", PermissionNames.JobsView, 'j'),
            new(N("Webhooks"), "/webhooks", "webhook", PermissionNames.HooksView, 'h'),
            new(N("Registries"), "/registries", "warehouse", PermissionNames.RegistriesView, 'r'),
        ]),
        new(N("Watch"),
        [
            new(N("Logs"), "/logs", "subject", PermissionNames.ContainersLogs, 'l'),
            new(N("Consoles"), "/consoles", "terminal", PermissionNames.ContainersExec),
            new(N("Stats"), "/stats", "monitoring", PermissionNames.MetricsView, 's'),
            new(N("Alerts"), "/alerts", "notifications", PermissionNames.AlertsView),
            new(N("Events"), "/events", "event_note", PermissionNames.NodesView),
        ]),
        new(N("Administration"),
        [
            new(N("People"), "/people", "group", PermissionNames.UsersManage, 'p'),
            new(N("Teams"), "/teams", "groups", PermissionNames.TeamsManage),
            new(N("Roles"), "/roles", "admin_panel_settings", PermissionNames.RolesManage),
            new(N("Policies"), "/policies", "gpp_good", PermissionNames.PoliciesManage),
            new(N("Tokens"), "/tokens", "vpn_key", PermissionNames.UsersManage, 't'),
            new(N("Backups"), "/backups", "cloud_upload", PermissionNames.BackupsManage),
            new(N("Audit"), "/audit", "history", PermissionNames.AuditView, 'a'),
            new(N("Sign-in rules"), "/settings/sign-in", "login", PermissionNames.SignInManage),
        ]),
    ];

    /// <summary>What is left for somebody, in their language; groups without a page are left out.</summary>
    public static IReadOnlyList<PageGroup> For(Access.EffectiveAccess access) =>
    [
        .. All
            .Select(group => new PageGroup(
                T(group.Title),
                [
                    .. group.Pages.Where(page => page.IsFor(access))
                        .Select(page => page with { Title = T(page.Title) }),
                ]))
            .Where(group => group.Pages.Count > 0),
    ];
}

/// <summary>Pages under one heading.</summary>
public sealed record PageGroup(string Title, IReadOnlyList<PageLink> Pages);

/// <summary>One page of the main menu.</summary>
/// <param name="Title">As in the menu; in English in <see cref="PortalPages.All"/>.</param>
/// <param name="Href">Its address.</param>
/// <param name="Icon">The icon's name.</param>
/// <param name="Permission">Who has it, anywhere, is shown the page.</param>
/// <param name="Key">Pressed after <c>g</c>, it leads there; null for pages without one.</param>
/// <param name="Alternative">The permission that will do as well; null where none will.</param>
public sealed record PageLink(string Title, string Href, string Icon, string Permission, char? Key = null, string? Alternative = null)
{
    public bool IsFor(Access.EffectiveAccess access) =>
        access.AllowsSomewhere(Permission) || (Alternative is { } other && access.AllowsSomewhere(other));

    /// <summary>As <c>data-shortcut</c> tells it to the browser; null without a key.</summary>
    public string? Shortcut => Key is { } key ? $"g {key}" : null;
}
