using Portal.Agent.Services.Stacks;
using Portal.Contracts.Policies;
using Portal.Contracts.Policies.Demands;
using Portal.Engine.Containers;
using Portal.Engine.Errors;
using Portal.Engine.Volumes;

namespace Portal.Agent.Policies;

/// <summary>Holds calls that come by way of the portal to its policies; all other work of the engine passes.</summary>
/// <remarks>Singleton; any thread. Which call is under way flows with it.</remarks>
internal sealed class PolicyGate(PolicyStore store, StackTrees trees)
{
    private readonly AsyncLocal<PolicyScope?> _scope = new();

    /// <summary>Policies that the call under way is held to; none outside of such a call.</summary>
    public IReadOnlyList<Policy> Policies => _scope.Value?.Policies ?? [];

    /// <summary>Begins a call that is held to the policies of now. Ends when it is disposed.</summary>
    public PolicyScope Enter() => _scope.Value = new PolicyScope(store.Current.Policies);

    /// <exception cref="EngineException">Forbidden: a policy does not allow something of it.</exception>
    public void Check(IReadOnlyCollection<PolicyDemand> all)
    {
        var policies = Policies;
        if (policies.Count == 0)
        {
            return;
        }

        // What stacks bring is no file of the host; the portal alone makes such mounts, and refuses them to others.
        List<PolicyDemand> demands = [.. PolicyDemands.WithoutStackTrees(all, trees.Roots)];
        var violations = PolicyCheck.Find(policies, demands);
        Throw(violations.Count > 0 ? violations : PolicyCheck.Find([.. policies.Select(Resolve)], [.. demands.Select(Resolve)]));
    }

    /// <summary>The mounts that a container has or shall have, volumes with what they mount.</summary>
    public static async Task<IReadOnlyList<PolicyDemand>> DemandsOfAsync(
        IEnumerable<ContainerMount> mounts, IVolumes volumes, string key, CancellationToken cancellationToken)
    {
        var demands = new List<PolicyDemand>();
        foreach (var mount in mounts)
        {
            if (mount.Type == "bind")
            {
                demands.Add(PolicyDemands.HostPath(mount.Source, mount.Writable, key));
            }
            else if (mount.Type == "volume")
            {
                demands.AddRange(await DemandsOfAsync(mount.Name, volumes, cancellationToken).ConfigureAwait(false));
            }
        }

        return demands;
    }

    /// <summary>What a volume that is there mounts; nothing for a plain one, or for none.</summary>
    public static async Task<IReadOnlyList<PolicyDemand>> DemandsOfAsync(
        string volume, IVolumes volumes, CancellationToken cancellationToken)
    {
        try
        {
            var found = await volumes.InspectAsync(volume, cancellationToken).ConfigureAwait(false);
            return [.. PolicyDemands.Volume(found.Options, $"volume {volume}")];
        }
        catch (EngineException failure) when (failure.Kind is EngineErrorKind.NotFound or EngineErrorKind.InvalidArgument)
        {
            // It will be made, as a plain one, or refused for its name.
            return [];
        }
    }

    private static void Throw(IReadOnlyList<PolicyViolation> violations)
    {
        if (violations.Count > 0)
        {
            throw new EngineException(EngineErrorKind.Forbidden, PolicyViolation.Describe(violations));
        }
    }

    // An allowed folder may be a link itself: then what it leads to is what is allowed.
    private static Policy Resolve(Policy policy) => policy with
    {
        Rules = policy.Rules with
        {
            HostPaths = policy.Rules.HostPaths is { } paths
                ? [.. paths.Select(rule => rule with { Path = HostLinks.Resolve(rule.Path) ?? rule.Path })] : null,
            Devices = policy.Rules.Devices is { } devices
                ? [.. devices.Select(device => HostLinks.Resolve(device) ?? device)] : null,
        },
    };

    private static PolicyDemand Resolve(PolicyDemand demand) =>
        demand.Rule is not (PolicyRule.HostPaths or PolicyRule.Devices) || !demand.Value.StartsWith('/') ? demand
        : HostLinks.Resolve(demand.Value) is not { } found
            ? demand with { Value = "a loop of links", Key = $"{demand.Key}, {demand.Value}" }
        : found == demand.Value ? demand
        : demand with { Value = found, Key = $"{demand.Key}, {demand.Value} leads there" };
}
