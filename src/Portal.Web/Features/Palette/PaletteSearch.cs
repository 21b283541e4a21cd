using Portal.Contracts.Hubs;
using Portal.Contracts.Permissions;
using Portal.Data.Entities.Stacks;
using Portal.Web.Access;
using Portal.Web.Components.Layout;
using Portal.Web.Features.Containers;
using Portal.Web.Features.Stacks;
using Portal.Web.Nodes;

namespace Portal.Web.Features.Palette;

/// <summary>
/// What the command palette offers for what was typed: pages, nodes, stacks and containers that the user may see, and what they may do.
/// </summary>
/// <remarks>Reads the picture that the portal has anyway: no node is asked, and 50,000 containers take some milliseconds.</remarks>
internal sealed class PaletteSearch(FleetState fleet, IReadOnlyList<Stack> stacks, EffectiveAccess access)
{
    /// <summary>No more are offered: who looks for one of more types another letter.</summary>
    public const int Most = 30;

    // So many containers are told with what can be done to them; of more, only how to get to them.
    private const int MostWithActions = 3;

    private static readonly (string Title, string Href, string Icon, string Permission)[] s_tasks =
    [
        (N("Run a container"), "/containers/create", "add_circle", PermissionNames.ContainersCreate),
        (N("Build an image"), "/builds/new", "construction", PermissionNames.ImagesBuild),
        (N("New stack"), "/stacks/new", "stacks", PermissionNames.StacksEdit),
    ];

    private static readonly (string Title, string Href, string Icon)[] s_own =
    [
        (N("Profile"), "/account/profile", "account_circle"),
        (N("Change password"), "/account/password", "key"),
        (N("Sign-in security"), "/account/security", "shield_person"),
        (N("What you may do"), "/access", "policy"),
        (N("API tokens"), "/tokens", "vpn_key"),
        (N("REST API"), "/rest-api", "api"),
    ];

    private static readonly (string Title, string Icon, string Action)[] s_browser =
    [
        (N("Switch between light and dark"), "contrast", "data-theme-toggle"),
        (N("Keyboard shortcuts"), "keyboard", "data-shortcuts-open"),
    ];

    private static readonly (string Search, string Href, string Permission)[] s_lists =
    [
        (N("Search containers for “{0}”"), "/containers", PermissionNames.ContainersView),
        (N("Search images for “{0}”"), "/images", PermissionNames.ImagesView),
        (N("Search volumes for “{0}”"), "/volumes", PermissionNames.VolumesView),
        (N("Search networks for “{0}”"), "/networks", PermissionNames.NetworksView),
    ];

    /// <summary>The best ones, best first.</summary>
    public IReadOnlyList<PaletteEntry> Find(string query)
    {
        var words = PaletteMatch.Words(query);
        if (words.Length == 0)
        {
            return [.. Fixed().Take(Most)];
        }

        var found = Fixed().Select(entry => (Entry: entry, Score: PaletteMatch.Score(words, entry.Title)))
            .Concat(Nodes(words))
            .Concat(Stacks(words))
            .Concat(Containers(words))
            .Where(candidate => candidate.Score > PaletteMatch.None)
            .OrderByDescending(candidate => candidate.Score)
            .ThenBy(candidate => candidate.Entry.Title.Length)
            .ThenBy(candidate => candidate.Entry.Title, StringComparer.OrdinalIgnoreCase)
            .ThenBy(candidate => candidate.Entry.Detail, StringComparer.OrdinalIgnoreCase)
            .Take(Most - s_lists.Length)
            .Select(candidate => candidate.Entry);
        return [.. found, .. Lists(query.Trim())];
    }

    private IEnumerable<PaletteEntry> Fixed()
    {
        var pages = PortalPages.For(access)
            .SelectMany(group => group.Pages.Select(page => new PaletteEntry(page.Title, group.Title, page.Icon, page.Href)));
        var tasks = s_tasks
            .Where(task => access.AllowsSomewhere(task.Permission))
            .Select(task => new PaletteEntry(T(task.Title), "", task.Icon, task.Href));
        var own = s_own.Select(page => new PaletteEntry(T(page.Title), T("Account"), page.Icon, page.Href));
        var browser = s_browser.Select(action => new PaletteEntry(T(action.Title), "", action.Icon, null) { BrowserAction = action.Action });
        return [.. pages, .. tasks, .. own, .. browser];
    }

    private IEnumerable<(PaletteEntry Entry, int Score)> Nodes(string[] words) => fleet.Nodes.Values
        .Where(node => access.Allows(PermissionNames.NodesView, AccessScope.Node(node.Id)))
        .Select(node => (
            new PaletteEntry(node.Name, node.Presence == NodePresence.Online ? T("node") : T("node, offline"), "dns", $"/nodes/{node.Id}"),
            PaletteMatch.Score(words, node.Name)));

    private IEnumerable<(PaletteEntry Entry, int Score)> Stacks(string[] words) => stacks
        .Where(stack => access.Allows(PermissionNames.StacksView, stack.Scope()))
        .Select(stack => (
            new PaletteEntry(stack.Name, T("stack on {0}", stack.NodeName), "stacks", $"/stacks/{stack.Id}"),
            PaletteMatch.Score(words, stack.Name)));

    // Words that the name does not have may be what is to be done ("restart web"), or where ("web edge-1").
    private List<(PaletteEntry Entry, int Score)> Containers(string[] words)
    {
        var found = new List<(NodeState Node, ContainerView View, int Score, string[] Others)>();
        foreach (var node in fleet.Nodes.Values)
        {
            if (!access.Allows(PermissionNames.ContainersView, AccessScope.Node(node.Id)))
            {
                continue;
            }

            foreach (var view in node.Containers.Values)
            {
                var score = 0;
                var others = new List<string>();
                foreach (var word in words)
                {
                    var one = PaletteMatch.Score(word, view.Name);
                    score += one;
                    if (one == PaletteMatch.None)
                    {
                        others.Add(word);
                    }
                }

                if (score > PaletteMatch.None)
                {
                    found.Add((node, view, score, [.. others.Where(word => PaletteMatch.Score(word, node.Name) == PaletteMatch.None)]));
                }
            }
        }

        var plain = found.Where(container => container.Others.Length == 0).ToList();
        var entries = plain.Select(container => (GoTo(container.Node, container.View), container.Score)).ToList();
        foreach (var container in found.OrderByDescending(container => container.Score).Take(Most))
        {
            if (container.Others.Length > 0 || plain.Count <= MostWithActions)
            {
                entries.AddRange(Actions(container.Node, container.View)
                    .Select(entry => (entry, Words: PaletteMatch.Score(container.Others, entry.Verb)))
                    .Where(action => container.Others.Length == 0 || action.Words > PaletteMatch.None)
                    .Select(action => (action.entry, container.Score + action.Words - 1)));
            }
        }

        return entries;
    }

    // Where the name stands differs by language: what can be typed beside it is the rest.
    private static PaletteEntry Entry(string text, ContainerView view, string where, string icon, string? href) =>
        new(T(text, view.Name), where, icon, href) { Verb = T(text, "").Trim() };

    private static PaletteEntry GoTo(NodeState node, ContainerView view) =>
        new(view.Name, T("container on {0}, {1}", node.Name, ContainerStatus.Text(view)), "deployed_code", Address(node, view));

    private IEnumerable<PaletteEntry> Actions(NodeState node, ContainerView view)
    {
        var scope = AccessScope.Node(node.Id);
        var where = T("on {0}", node.Name);
        if (access.Allows(PermissionNames.ContainersLogs, scope))
        {
            yield return Entry(N("Logs of {0}"), view, where, "subject", $"{Address(node, view)}/logs");
        }

        if (node.Presence != NodePresence.Online)
        {
            yield break;
        }

        if (ContainerStatus.IsRunning(view) && access.Allows(PermissionNames.ContainersExec, scope))
        {
            yield return Entry(N("Console in {0}"), view, where, "terminal", $"{Address(node, view)}/console");
        }

        (ContainerVerb Verb, string Text, string Icon, bool Can, string Permission)[] changes =
        [
            (ContainerVerb.Start, N("Start {0}"), "play_arrow", ContainerStatus.CanStart(view), PermissionNames.ContainersStart),
            (ContainerVerb.Unpause, N("Unpause {0}"), "resume", ContainerStatus.CanUnpause(view), PermissionNames.ContainersPause),
            (ContainerVerb.Restart, N("Restart {0}"), "restart_alt", ContainerStatus.CanStop(view), PermissionNames.ContainersRestart),
            (ContainerVerb.Stop, N("Stop {0}"), "stop", ContainerStatus.CanStop(view), PermissionNames.ContainersStop),
        ];
        foreach (var change in changes.Where(change => change.Can && access.Allows(change.Permission, scope)))
        {
            yield return Entry(change.Text, view, where, change.Icon, null) with
            {
                Change = (change.Verb, new ContainerKey(node.Id, view.Id, view.Name)),
            };
        }
    }

    private IEnumerable<PaletteEntry> Lists(string query) => s_lists
        .Where(list => access.AllowsSomewhere(list.Permission))
        .Select(list => new PaletteEntry(
            T(list.Search, query), "", "search", $"{list.Href}?q={Uri.EscapeDataString(query)}"));

    private static string Address(NodeState node, ContainerView view) => $"/nodes/{node.Id}/containers/{view.Id}";
}
