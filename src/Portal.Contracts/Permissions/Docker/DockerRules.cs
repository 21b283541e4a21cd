using System.Text.RegularExpressions;
using P = Portal.Contracts.Permissions.PermissionNames;

namespace Portal.Contracts.Permissions.Docker;

/// <summary>
/// What each route of Docker's API needs when it is reached through the portal: one table for the portal, which decides, and for the
/// agent, which checks again. What is not in it is refused to everybody; a test fails on a route of the agent's that is neither in it nor
/// in <see cref="Refused"/>.
/// </summary>
public static partial class DockerRules
{
    /// <summary>What a body may hold that is read whole. Real ones stay below 100 KiB.</summary>
    public const int LargestCheckedBody = 1024 * 1024;

    private static readonly string[] s_looks = [P.ContainersView, P.ImagesView, P.NetworksView, P.VolumesView];

    /// <summary>The table.</summary>
    public static IReadOnlyList<DockerRule> All { get; } =
    [
        // The node itself. What tells of all kinds of things at once needs leave to see all of them.
        Read("HEAD", "/_ping", P.NodesView),
        Read("GET", "/_ping", P.NodesView),
        Read("GET", "/version", P.NodesView),
        Read("GET", "/info", P.NodesView),
        Read("GET", "/plugins", P.NodesView),
        Read("GET", "/plugins/{name}/json", P.NodesView),
        Read("GET", "/events", s_looks),
        Read("GET", "/system/df", s_looks),
        Change("POST", "/portal/store/check", "node.check_store", P.NodesManage),
        Change("POST", "/auth", DockerRule.SignIn, P.ImagesPull),

        // Containers.
        Read("GET", "/containers/json", P.ContainersView),
        Read("GET", "/containers/{id}/json", P.ContainersView),
        Read("GET", "/containers/{id}/stats", P.ContainersView),
        Read("GET", "/containers/{id}/top", P.ContainersView),
        Read("POST", "/containers/{id}/wait", P.ContainersView),
        Read("GET", "/containers/{id}/logs", P.ContainersLogs),
        Checked("POST", "/containers/create", "container.create", P.ContainersCreate),
        Checked("POST", "/containers/{id}/update", "container.update", P.ContainersUpdate),
        Change("POST", "/containers/{id}/start", "container.start", P.ContainersStart),
        Change("POST", "/containers/{id}/stop", "container.stop", P.ContainersStop),
        Change("POST", "/containers/{id}/restart", "container.restart", P.ContainersRestart),
        Change("POST", "/containers/{id}/kill", "container.kill", P.ContainersKill),
        Change("POST", "/containers/{id}/pause", "container.pause", P.ContainersPause),
        Change("POST", "/containers/{id}/unpause", "container.unpause", P.ContainersPause),
        Change("POST", "/containers/{id}/rename", "container.rename", P.ContainersRename),
        Change("DELETE", "/containers/{id}", "container.remove", P.ContainersRemove),
        Change("POST", "/containers/prune", "container.prune", P.ContainersRemove),
        Change("POST", "/commit", "container.commit", P.ContainersCommit),

        // Their files.
        Read("GET", "/containers/{id}/changes", P.ContainersFiles),
        Read("HEAD", "/containers/{id}/archive", P.ContainersFiles),
        Change("GET", "/containers/{id}/archive", "container.read_files", P.ContainersFiles),
        Change("PUT", "/containers/{id}/archive", "container.write_files", P.ContainersFiles),
        Change("GET", "/containers/{id}/export", "container.export", P.ContainersFiles),

        // Consoles.
        new("POST", "/containers/{id}/attach", [P.ContainersExec], "console.attach", DockerBody.Hijack),
        Read("POST", "/containers/{id}/resize", P.ContainersExec),
        Checked("POST", "/containers/{id}/exec", "console.create", P.ContainersExec),
        new("POST", "/exec/{id}/start", [P.ContainersExec], "console.open", DockerBody.Hijack),
        Read("POST", "/exec/{id}/resize", P.ContainersExec),
        Read("GET", "/exec/{id}/json", P.ContainersExec),

        // Images.
        Read("GET", "/images/json", P.ImagesView),
        Read("GET", "/images/{name}/json", P.ImagesView),
        Read("GET", "/images/{name}/history", P.ImagesView),
        Read("GET", "/images/search", P.ImagesPull),
        Read("GET", "/distribution/{name}/json", P.ImagesPull),
        Change("POST", "/images/create", "image.pull", P.ImagesPull),
        Change("POST", "/images/load", "image.load", P.ImagesLoad),
        Change("POST", "/images/{name}/push", "image.push", P.ImagesPush),
        Change("POST", "/images/{name}/tag", "image.tag", P.ImagesTag),
        Change("DELETE", "/images/{name}", "image.remove", P.ImagesRemove),
        Change("POST", "/images/prune", "image.prune", P.ImagesRemove),
        Change("GET", "/images/get", "image.save", P.ImagesSave),
        Change("GET", "/images/{name}/get", "image.save", P.ImagesSave),
        Change("POST", "/build", "image.build", P.ImagesBuild),
        Change("POST", "/build/prune", "image.prune_cache", P.ImagesRemove),

        // Networks.
        Read("GET", "/networks", P.NetworksView),
        Read("GET", "/networks/{id}", P.NetworksView),
        Checked("POST", "/networks/create", "network.create", P.NetworksCreate),
        Change("POST", "/networks/{id}/connect", "network.connect", P.NetworksConnect),
        Change("POST", "/networks/{id}/disconnect", "network.disconnect", P.NetworksConnect),
        Change("DELETE", "/networks/{id}", "network.remove", P.NetworksRemove),
        Change("POST", "/networks/prune", "network.prune", P.NetworksRemove),

        // Volumes.
        Read("GET", "/volumes", P.VolumesView),
        Read("GET", "/volumes/{id}", P.VolumesView),
        Checked("POST", "/volumes/create", "volume.create", P.VolumesCreate),
        Change("DELETE", "/volumes/{id}", "volume.remove", P.VolumesRemove),
        Change("POST", "/volumes/prune", "volume.prune", P.VolumesRemove),
    ];

    /// <summary>Routes that the agent has and that are not offered through the portal, as <c>METHOD PATH</c>.</summary>
    public static IReadOnlyList<string> Refused { get; } =
    [
        // A WebSocket within the stream of a request; the stock client attaches in the other way.
        "GET /containers/{id}/attach/ws",

        // What they do to containers that use the volume depends on how they are asked; the portal's pages do both.
        "POST /portal/volumes/{id}/backup",
        "POST /portal/volumes/{id}/restore",
    ];

    /// <summary>What is asked for, by what and of what; null for what is not in the table.</summary>
    /// <param name="method">The HTTP method.</param>
    /// <param name="path">The decoded path, with or without a version.</param>
    /// <param name="query">The query with its question mark, or empty.</param>
    public static DockerCall? Find(string method, string path, string query)
    {
        ArgumentNullException.ThrowIfNull(path);
        var plain = Version().Replace(path, "").TrimEnd('/');
        var found = new List<(DockerRule Rule, string Subject)>();
        foreach (var rule in All)
        {
            if (rule.Method == method && rule.Matches(plain, out var subject))
            {
                found.Add((rule, subject));
            }
        }

        // Where several would do, who answers is for the agent to say: all that any of them needs is needed.
        return found.Count == 0 ? null : new DockerCall(
            found[0].Rule, found[0].Subject, query, [P.NodesView, .. found.SelectMany(match => match.Rule.Permissions)]);
    }

    private static DockerRule Read(string method, string path, params string[] permissions) =>
        new(method, path, permissions, "", DockerBody.Stream);

    private static DockerRule Change(string method, string path, string action, params string[] permissions) =>
        new(method, path, permissions, action, DockerBody.Stream);

    private static DockerRule Checked(string method, string path, string action, params string[] permissions) =>
        new(method, path, permissions, action, DockerBody.Checked);

    [GeneratedRegex(@"^/v\d+\.\d+(?=/)")]
    private static partial Regex Version();
}
