using Portal.Contracts.Permissions;

namespace Portal.Web.Components.Layout;

/// <summary>The pages that the main menu leads to: known here once, for the menu, the command palette and the keyboard.</summary>
public static class PortalPages
{
    public static IReadOnlyList<PageGroup> All { get; } =
    [
        new("Fleet",
        [
            new("Dashboard", "/", "space_dashboard", PermissionNames.NodesView, 'd'),
            new("Nodes", "/nodes", "dns", PermissionNames.NodesView, 'n'),
            new("Environments", "/environments", "account_tree", PermissionNames.NodesView, 'e'),
            new("Containers", "/containers", "deployed_code", PermissionNames.ContainersView, 'c'),
            new("Images", "/images", "layers", PermissionNames.ImagesView, 'i'),
            new("Volumes", "/volumes", "database", PermissionNames.VolumesView, 'v'),
            new("Networks", "/networks", "lan", PermissionNames.NetworksView, 'w'),
        ]),
        new("Deliver",
        [
            new("Stacks", "/stacks", "stacks", PermissionNames.StacksView, 'k'),
            new("Templates", "/templates", "widgets", PermissionNames.StacksEdit),
            new("Deployments", "/deployments", "rocket_launch", PermissionNames.StacksView),
            new("Builds", "/builds", "construction", PermissionNames.ImagesBuild, 'b'),
            new("Jobs", "/jobs", "schedule", PermissionNames.JobsView, 'j'),
            new("Webhooks", "/webhooks", "webhook", PermissionNames.HooksView, 'h'),
            new("Registries", "/registries", "warehouse", PermissionNames.RegistriesView, 'r'),
        ]),
        new("Watch",
        [
            new("Logs", "/logs", "subject", PermissionNames.ContainersLogs, 'l'),
            new("Consoles", "/consoles", "terminal", PermissionNames.ContainersExec),
            new("Stats", "/stats", "monitoring", PermissionNames.NodesView, 's'),
            new("Alerts", "/alerts", "notifications", PermissionNames.AlertsView),
            new("Events", "/events", "event_note", PermissionNames.NodesView),
        ]),
        new("Administration",
        [
            new("People", "/people", "group", PermissionNames.UsersManage, 'p'),
            new("Teams", "/teams", "groups", PermissionNames.TeamsManage),
            new("Roles", "/roles", "admin_panel_settings", PermissionNames.RolesManage),
            new("Policies", "/policies", "gpp_good", PermissionNames.PoliciesManage),
            new("Tokens", "/tokens", "vpn_key", PermissionNames.UsersManage, 't'),
            new("Backups", "/backups", "cloud_upload", PermissionNames.BackupsManage),
            new("Audit", "/audit", "history", PermissionNames.AuditView, 'a'),
            new("Sign-in rules", "/settings/sign-in", "policy", PermissionNames.SignInManage),
        ]),
    ];

    /// <summary>What is left for somebody; groups without a page are left out.</summary>
    public static IReadOnlyList<PageGroup> For(Access.EffectiveAccess access) =>
    [
        .. All
            .Select(group => new PageGroup(group.Title, [.. group.Pages.Where(page => access.AllowsSomewhere(page.Permission))]))
            .Where(group => group.Pages.Count > 0),
    ];
}

/// <summary>Pages under one heading.</summary>
public sealed record PageGroup(string Title, IReadOnlyList<PageLink> Pages);

/// <summary>One page of the main menu.</summary>
/// <param name="Title">As in the menu.</param>
/// <param name="Href">Its address.</param>
/// <param name="Icon">The icon's name.</param>
/// <param name="Permission">Who has it, anywhere, is shown the page.</param>
/// <param name="Key">Pressed after <c>g</c>, it leads there; null for pages without one.</param>
public sealed record PageLink(string Title, string Href, string Icon, string Permission, char? Key = null)
{
    /// <summary>As <c>data-shortcut</c> tells it to the browser; null without a key.</summary>
    public string? Shortcut => Key is { } key ? $"g {key}" : null;
}
