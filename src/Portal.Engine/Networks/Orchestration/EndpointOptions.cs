using System.Text.RegularExpressions;
using Portal.Engine.Errors;
using Portal.Engine.Networks.Ingress;
using Portal.Engine.Networks.State;

namespace Portal.Engine.Networks.Orchestration;

/// <summary>The options of an endpoint: <c>com.docker.network.endpoint.sysctls</c>, and notes that change nothing here.</summary>
internal static partial class EndpointOptions
{
    private const string SysctlsName = "com.docker.network.endpoint.sysctls";
    private const string Placeholder = "IFNAME";

    /// <summary>The settings that are asked for, as paths below <c>/proc/sys</c>.</summary>
    /// <param name="options">By name.</param>
    /// <param name="interfaceName">The endpoint's interface, which stands for <c>IFNAME</c>.</param>
    /// <exception cref="EngineException">InvalidArgument: not one of an interface, or not written as Docker wants it.</exception>
    public static IReadOnlyDictionary<string, string> Sysctls(IReadOnlyDictionary<string, string> options, string interfaceName)
    {
        var sysctls = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in options)
        {
            if (name != SysctlsName)
            {
                // Docker hands unknown ones to the driver, which passes over them.
                continue;
            }

            foreach (var part in value.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
            {
                var match = InterfaceSysctl().Match(part);
                if (!match.Success)
                {
                    throw EngineException.InvalidArgument(
                        $"invalid sysctl '{part}' of an endpoint: net.(ipv4|ipv6|mpls).(conf|neigh).IFNAME.name=value is needed");
                }

                var path = match.Groups["name"].Value.Replace('.', '/').Replace(Placeholder, interfaceName, StringComparison.Ordinal);
                sysctls[path] = match.Groups["value"].Value;
            }
        }

        return sysctls;
    }

    /// <summary>What the container answers behind ports of every node.</summary>
    /// <exception cref="EngineException">InvalidArgument: it is not written so, or the network is one of this node alone.</exception>
    public static IReadOnlyList<IngressTarget> Ingress(IReadOnlyDictionary<string, string> options, NetworkDefinition network)
    {
        if (!options.TryGetValue(IngressTarget.Option, out var text))
        {
            return [];
        }

        return network.Overlay is not null
            ? IngressTarget.Parse(text)
            : throw EngineException.InvalidArgument($"{IngressTarget.Option}: network {network.Name} does not span nodes");
    }

    // What is written goes into a path: no dots but the separators, no slashes, no other interface than the endpoint's own.
    [GeneratedRegex(
        @"\A(?<name>net\.(?:(?:ipv4|ipv6)\.(?:conf|neigh)|mpls\.conf)\.IFNAME\.[a-z0-9_]{1,64})=(?<value>[A-Za-z0-9_ :.-]{1,128})\z")]
    private static partial Regex InterfaceSysctl();
}
