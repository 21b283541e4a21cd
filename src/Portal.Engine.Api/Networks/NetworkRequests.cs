using Portal.Engine.Api.Networks.Models;
using Portal.Engine.Errors;
using Portal.Engine.Networks;

namespace Portal.Engine.Api.Networks;

/// <summary>Makes a request to the engine of the body of <c>POST /networks/create</c>.</summary>
internal static class NetworkRequests
{
    /// <exception cref="EngineException">InvalidArgument: it asks for what is not there.</exception>
    public static NetworkRequest Parse(NetworkCreateRequest body)
    {
        Require(!body.Ingress && (body.Scope is "" or "local" || body is { Scope: "swarm", Driver: "overlay" }), "swarm networks");
        Require(body.Ipam?.Driver is null or "" or "default", $"the IPAM driver '{body.Ipam?.Driver}'");
        return new NetworkRequest
        {
            Name = body.Name,
            Driver = body.Driver,
            Subnets = [.. (body.Ipam?.Config ?? []).Select(Parse)],
            EnableIpv4 = body.EnableIPv4 ?? true,
            EnableIpv6 = body.EnableIPv6,
            IsInternal = body.Internal,
            IsAttachable = body.Attachable,
            IsConfigOnly = body.ConfigOnly,
            ConfigFrom = body.ConfigFrom?.Network ?? "",
            Options = body.Options ?? [],
            Labels = body.Labels ?? [],
        };
    }

    private static NetworkSubnet Parse(IpamConfigModel config) => new()
    {
        Subnet = config.Subnet,
        Gateway = config.Gateway,
        IpRange = config.IpRange,
        AuxiliaryAddresses = config.AuxiliaryAddresses ?? [],
    };

    private static void Require(bool fine, string what)
    {
        if (!fine)
        {
            throw EngineException.InvalidArgument($"{what}: not available in this engine yet");
        }
    }
}
