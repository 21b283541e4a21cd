using System.Collections.Frozen;
using Portal.Contracts.Permissions;
using Portal.Contracts.Policies;

namespace Portal.Web.Features.Deployments.Node;

/// <summary>
/// What a deployment may do on its node: what stacks need in the ordinary way, which comes with <c>stacks.deploy</c>, and of what
/// reaches the host what the person behind it may do themselves.
/// </summary>
/// <param name="beyond">Permissions of the person that reach the host.</param>
/// <param name="person">For messages: whose they are.</param>
internal sealed class DeploymentRights(IEnumerable<string> beyond, string person)
{
    private static readonly FrozenSet<string> s_ordinary = new[]
    {
        PermissionNames.NodesView, PermissionNames.ContainersView, PermissionNames.ContainersLogs, PermissionNames.ContainersCreate,
        PermissionNames.ContainersStart, PermissionNames.ContainersStop, PermissionNames.ContainersRestart,
        PermissionNames.ContainersRename, PermissionNames.ContainersRemove, PermissionNames.ContainersFiles, PermissionNames.ImagesView,
        PermissionNames.ImagesPull, PermissionNames.ImagesTag, PermissionNames.NetworksView, PermissionNames.NetworksCreate,
        PermissionNames.NetworksRemove,
        PermissionNames.VolumesView, PermissionNames.VolumesCreate, PermissionNames.VolumesRemove, PermissionNames.StacksDeploy,
    }.ToFrozenSet(StringComparer.Ordinal);

    private readonly FrozenSet<string> _all = s_ordinary.Union(beyond.Intersect(HostReach)).ToFrozenSet(StringComparer.Ordinal);

    /// <summary>What reaches the host, and therefore needs a person who may.</summary>
    public static IReadOnlyList<string> HostReach { get; } =
    [
        PermissionNames.ContainersHostAccess, PermissionNames.ContainersPrivileged, PermissionNames.ContainersHostNamespaces,
        PermissionNames.ContainersHostPaths, PermissionNames.ContainersDevices, PermissionNames.ContainersCapabilities,
    ];

    /// <summary>
    /// The policies of the node. They bind every deployment, whoever asked for it: a job outlives the request, and the token, that
    /// began it.
    /// </summary>
    public IReadOnlyList<Policy> Policies { get; init; } = [];

    /// <summary>Whose the permissions are, for messages.</summary>
    public string Person => person;

    /// <summary>What is needed and not among them.</summary>
    public IReadOnlyList<string> Missing(IEnumerable<string> needed) => [.. needed.Where(name => !_all.Contains(name)).Distinct()];

    /// <exception cref="DeploymentRefusedException">Something is not among them.</exception>
    public void Demand(IEnumerable<string> needed, string nodeName)
    {
        if (Missing(needed) is { Count: > 0 } missing)
        {
            throw new DeploymentRefusedException(
                E("This needs the permission '{0}' on '{1}', which {2} does not have.", string.Join("', '", missing), nodeName, person));
        }
    }

    /// <exception cref="DeploymentRefusedException">A policy does not allow one of them.</exception>
    public void Demand(IReadOnlyCollection<PolicyDemand> demands)
    {
        if (PolicyCheck.Find(Policies, demands) is { Count: > 0 } violations)
        {
            throw new DeploymentRefusedException(PolicyViolation.Describe(violations));
        }
    }
}
