using System.Net;
using Portal.Engine.Errors;
using Portal.Engine.Linux.Networks.Host;
using Portal.Engine.Linux.Networks.Links;
using Portal.Engine.Networks;
using Portal.Engine.Networks.Addresses;

namespace Portal.Engine.Linux.Networks.Namespaces;

/// <summary>An endpoint's interface in the container's namespace: settings, addresses, routes.</summary>
internal static class InsideInterface
{
    /// <summary>Makes a new interface what the endpoint says, and sets it up.</summary>
    /// <param name="endpoint">The endpoint.</param>
    /// <param name="namespacePath">The container's namespace.</param>
    public static void Configure(NetworkEndpoint endpoint, string namespacePath)
    {
        // Settings are those of the thread's namespace, unlike the socket's.
        using var inside = NamespaceThread.Run(namespacePath, () =>
        {
            SetUp(endpoint);
            return RouteSocket.Open();
        });
        var index = inside.GetLink(endpoint.InterfaceName).Index;
        Add(inside, index, endpoint.Address, endpoint.PrefixLength);
        Add(inside, index, endpoint.Address6, endpoint.PrefixLength6);
        foreach (var text in endpoint.LinkLocalAddresses)
        {
            Add(inside, index, text, text.Contains(':', StringComparison.Ordinal) ? 64 : 16);
        }

        inside.SetUp(index);
        AddRoutes(inside, index, endpoint);
    }

    /// <summary>Sends what goes outside over the endpoint.</summary>
    public static void Route(NetworkEndpoint endpoint, string namespacePath)
    {
        using var inside = NamespaceThread.Run(namespacePath, RouteSocket.Open);
        AddRoutes(inside, inside.GetLink(endpoint.InterfaceName).Index, endpoint);
    }

    /// <summary>Takes an interface away that has nothing on the host. Does nothing when it is gone.</summary>
    public static void Delete(NetworkEndpoint endpoint, string namespacePath)
    {
        using var inside = NamespaceThread.Run(namespacePath, RouteSocket.Open);
        inside.Delete(endpoint.InterfaceName);
    }

    /// <summary>True when the interface is there.</summary>
    public static bool IsThere(NetworkEndpoint endpoint, string namespacePath)
    {
        using var inside = NamespaceThread.Run(namespacePath, RouteSocket.Open);
        return inside.FindLink(endpoint.InterfaceName) is not null;
    }

    private static void SetUp(NetworkEndpoint endpoint)
    {
        var name = endpoint.InterfaceName;
        if (endpoint.Address6.Length > 0 || endpoint.LinkLocalAddresses.Any(text => text.Contains(':', StringComparison.Ordinal)))
        {
            // Addresses and routes are the engine's to give: a neighbour that plays router changes nothing.
            Sysctl.Set($"net/ipv6/conf/{name}/accept_ra", "0");
            Sysctl.Set($"net/ipv6/conf/{name}/autoconf", "0");
            Sysctl.Set($"net/ipv6/conf/{name}/disable_ipv6", "0");
        }

        foreach (var (setting, value) in endpoint.Sysctls)
        {
            SetAsked(setting, value);
        }
    }

    private static void SetAsked(string setting, string value)
    {
        try
        {
            Sysctl.Set(setting, value);
        }
        catch (EngineException exception)
        {
            throw new EngineException(
                EngineErrorKind.InvalidArgument,
                $"failed to set the endpoint's sysctl {setting}={value}: {exception.InnerException?.Message}",
                exception);
        }
    }

    private static void Add(RouteSocket inside, int index, string text, int prefixLength)
    {
        if (IpSubnet.TryParseAddress(text, out var address))
        {
            inside.AddAddress(index, address, prefixLength);
        }
    }

    private static void AddRoutes(RouteSocket inside, int index, NetworkEndpoint endpoint)
    {
        AddRoute(inside, index, endpoint.HasDefaultRoute, endpoint.Gateway, isIpv6: false);
        AddRoute(inside, index, endpoint.HasDefaultRoute6, endpoint.Gateway6, isIpv6: true);
    }

    private static void AddRoute(RouteSocket inside, int index, bool isWay, string gateway, bool isIpv6)
    {
        if (isWay && gateway.Length > 0)
        {
            inside.AddDefaultRoute(IPAddress.Parse(gateway), index);
        }
        else if (isWay)
        {
            inside.AddDefaultRoute(index, isIpv6);
        }
    }
}
