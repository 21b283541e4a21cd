using Portal.Compose.Model;
using Portal.Compose.Nodes;
using Portal.Contracts.Permissions.Docker;
using Portal.Contracts.Policies;
using Portal.Contracts.Policies.Demands;

namespace Portal.Web.Features.Deployments.Applying;

/// <summary>What of a project the policies of its node do not allow, with the place in its files.</summary>
internal static class DeploymentPolicies
{
    // The keys of a service that a rule is about, the most telling first.
    private static readonly IReadOnlyDictionary<PolicyRule, string[]> s_keys = new Dictionary<PolicyRule, string[]>
    {
        [PolicyRule.HostPaths] = ["volumes"],
        [PolicyRule.VolumeTypes] = ["volumes"],
        [PolicyRule.Registries] = ["image"],
        [PolicyRule.Signatures] = ["image"],
        [PolicyRule.Privileged] = ["privileged"],
        [PolicyRule.Devices] = ["devices", "gpus", "device_cgroup_rules", "privileged"],
        [PolicyRule.Capabilities] = ["cap_add", "privileged"],
        [PolicyRule.HostNamespaces] = ["network_mode", "pid", "ipc", "uts", "userns_mode", "cgroup"],
        [PolicyRule.Memory] = ["mem_limit", "deploy"],
        [PolicyRule.OtherHostAccess] = ["security_opt", "runtime", "cgroup_parent"],
    };

    /// <summary>Each as a sentence.</summary>
    public static IEnumerable<string> Find(ComposeProject project, IReadOnlyList<Policy> policies)
    {
        if (policies.Count == 0)
        {
            yield break;
        }

        foreach (var (key, map, path, body) in DeploymentRequests.Of(project))
        {
            var demands = DockerDemands.Of(DockerRules.Find("POST", path, "")!, body, [DeploymentRequests.AnyFolder]);
            foreach (var violation in PolicyCheck.Find(policies, demands).DistinctBy(one => one.Message))
            {
                var (at, mark) = Place(key, map, violation.Demand.Rule);
                yield return $"{mark.File}:{mark.Line}:{mark.Column}: {at}: {violation.Message}";
            }
        }
    }

    private static (string Key, Mark Mark) Place(string key, ComposeMap? map, PolicyRule rule)
    {
        var names = key.StartsWith("services.", StringComparison.Ordinal) ? s_keys[rule] : ["driver_opts", "driver"];
        var name = names.FirstOrDefault(name => map?[name] is not null);
        return (name is null ? key : $"{key}.{name}", (name is null ? map : map![name])?.Mark ?? default);
    }
}
