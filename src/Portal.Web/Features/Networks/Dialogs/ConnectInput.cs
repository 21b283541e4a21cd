using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using Portal.Contracts.Networks.V1;

namespace Portal.Web.Features.Networks.Dialogs;

/// <summary>What the form that connects a container holds, and the request that it stands for.</summary>
public sealed partial class ConnectInput
{
    /// <summary>Name or id.</summary>
    public string Container { get; set; } = "";

    /// <summary>Empty for one that is free.</summary>
    public string Ipv4 { get; set; } = "";

    /// <summary>Empty for one that is free.</summary>
    public string Ipv6 { get; set; } = "";

    /// <summary>Empty for one that is made up.</summary>
    public string Mac { get; set; } = "";

    /// <summary>With blanks or commas between.</summary>
    public string Aliases { get; set; } = "";

    /// <summary>Further addresses of the interface, with blanks or commas between.</summary>
    public string LinkLocal { get; set; } = "";

    /// <summary>A whole number; empty for 0. The network with the highest is the container's way out.</summary>
    public string GatewayPriority { get; set; } = "";

    /// <summary>Options of the driver, a line each: <c>key=value</c>.</summary>
    public string Options { get; set; } = "";

    /// <summary>Checks all fields.</summary>
    /// <param name="network">The network to connect to.</param>
    /// <param name="request">What to send.</param>
    /// <returns>What is wrong by field; empty when <paramref name="request"/> can be sent.</returns>
    public Dictionary<string, string> Check(Network network, out ConnectContainerRequest request)
    {
        var errors = new Dictionary<string, string>(StringComparer.Ordinal);
        if (Container.Trim().Length == 0)
        {
            errors[nameof(Container)] = T("Choose a container.");
        }

        CheckAddress(Ipv4.Trim(), AddressFamily.InterNetwork, nameof(Ipv4), network, errors);
        CheckAddress(Ipv6.Trim(), AddressFamily.InterNetworkV6, nameof(Ipv6), network, errors);
        if (Mac.Trim().Length > 0 && !MacAddress().IsMatch(Mac.Trim()))
        {
            errors[nameof(Mac)] = T("Six pairs of hexadecimal digits with colons, such as 02:42:0a:14:00:05.");
        }

        var further = LinkLocal.Split([' ', ','], StringSplitOptions.RemoveEmptyEntries);
        if (further.FirstOrDefault(address => !IPAddress.TryParse(address, out _)) is { } wrong)
        {
            errors[nameof(LinkLocal)] = E("{0} is no address such as 169.254.1.2 or fe80::5.", wrong);
        }

        var priority = 0;
        if (GatewayPriority.Trim().Length > 0
            && !int.TryParse(GatewayPriority, NumberStyles.AllowLeadingSign | NumberStyles.AllowLeadingWhite
                | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out priority))
        {
            errors[nameof(GatewayPriority)] = T("A whole number, such as 10 or -1.");
        }

        request = new ConnectContainerRequest
        {
            Network = network.Name,
            Container = Container.Trim(),
            Settings = new EndpointSettings
            {
                Ipv4Address = Ipv4.Trim(), Ipv6Address = Ipv6.Trim(), MacAddress = Mac.Trim(), GatewayPriority = priority,
            },
        };
        request.Settings.LinkLocalAddresses.AddRange(further);
        foreach (var line in Options.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var end = line.IndexOf('=', StringComparison.Ordinal);
            if (end <= 0)
            {
                errors[nameof(Options)] = T("'{0}' is no key=value.", line);
                continue;
            }

            request.Settings.DriverOptions[line[..end].TrimEnd()] = line[(end + 1)..].TrimStart();
        }

        request.Settings.Aliases.AddRange(Aliases.Split([' ', ','], StringSplitOptions.RemoveEmptyEntries));
        return errors;
    }

    private static void CheckAddress(
        string address, AddressFamily family, string field, Network network, Dictionary<string, string> errors)
    {
        if (address.Length == 0)
        {
            return;
        }

        var subnets = network.Subnets
            .Where(subnet => IPNetwork.TryParse(subnet.Subnet, out var parsed) && parsed.BaseAddress.AddressFamily == family)
            .Select(subnet => subnet.Subnet)
            .ToList();
        if (!IPAddress.TryParse(address, out var wanted) || !subnets.Any(subnet => IPNetwork.Parse(subnet).Contains(wanted)))
        {
            errors[field] = subnets.Count == 0
                ? T("The network has no subnet for it.")
                : T("Write an address within {0}.", string.Join(T(" or "), subnets));
        }
    }

    [GeneratedRegex("^[0-9a-fA-F]{2}(:[0-9a-fA-F]{2}){5}$")]
    private static partial Regex MacAddress();
}
