using Portal.Engine.Errors;

namespace Portal.Engine.Networks.State;

/// <summary>Settings that one network takes from another (<c>--config-from</c>).</summary>
internal static class NetworkConfig
{
    /// <summary>A request that needs no other network any more.</summary>
    /// <param name="request">What was asked for.</param>
    /// <param name="find">A network by name or id.</param>
    /// <exception cref="EngineException">NotFound, Forbidden, InvalidArgument, in Docker's words.</exception>
    public static NetworkRequest Complete(NetworkRequest request, Func<string, NetworkDefinition?> find)
    {
        if (request.ConfigFrom.Length == 0)
        {
            return request;
        }

        if (request.IsConfigOnly)
        {
            throw EngineException.InvalidArgument("a configuration network cannot depend on another configuration network");
        }

        var config = find(request.ConfigFrom)
            ?? throw EngineException.NotFound($"configuration network \"{request.ConfigFrom}\" does not exist");
        if (!config.IsConfigOnly)
        {
            throw EngineException.InvalidArgument($"network {config.Name} is not a configuration network (--config-only)");
        }

        if (request.Subnets.Any(subnet => subnet.Subnet.Length > 0) || request.Options.Count > 0 || request.EnableIpv6 is true)
        {
            throw EngineException.InvalidArgument(
                "user specified configurations are not supported if the network depends on a configuration network");
        }

        return request with
        {
            ConfigFrom = config.Name,
            Subnets = config.ConfiguredSubnets,
            EnableIpv4 = config.HasIpv4,
            EnableIpv6 = config.HasIpv6,
            Options = config.Options,
            Labels = config.Labels.Concat(request.Labels).DistinctLast(),
        };
    }

    private static Dictionary<string, string> DistinctLast(this IEnumerable<KeyValuePair<string, string>> labels)
    {
        var result = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (key, value) in labels)
        {
            result[key] = value;
        }

        return result;
    }
}
