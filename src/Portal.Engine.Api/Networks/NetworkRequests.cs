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
        var configs = body.Ipam?.Config ?? [];
        Require(body.EnableIPv4 is not false && body.EnableIPv6 is not true, "IPv6 (--ipv6)");
        Require(!body.ConfigOnly && string.IsNullOrEmpty(body.ConfigFrom?.Network), "config-only networks");
        Require(!body.Ingress && body.Scope is "" or "local", "swarm networks");
        Require(configs.Count <= 1, "more than one subnet a network");
        Require(body.Ipam?.Driver is null or "" or "default", $"the IPAM driver '{body.Ipam?.Driver}'");
        Require(configs.TrueForAll(config => config.AuxiliaryAddresses is null or { Count: 0 }), "auxiliary addresses (--aux-address)");
        return new NetworkRequest
        {
            Name = body.Name,
            Driver = body.Driver,
            Subnet = configs is [var subnet] ? subnet.Subnet : "",
            Gateway = configs is [var gateway] ? gateway.Gateway : "",
            IpRange = configs is [var range] ? range.IpRange : "",
            IsInternal = body.Internal,
            IsAttachable = body.Attachable,
            Options = body.Options ?? [],
            Labels = body.Labels ?? [],
        };
    }

    private static void Require(bool fine, string what)
    {
        if (!fine)
        {
            throw EngineException.InvalidArgument($"{what}: not available in this engine yet");
        }
    }
}
