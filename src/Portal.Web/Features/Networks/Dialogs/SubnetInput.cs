using System.Net;
using System.Net.Sockets;
using Portal.Contracts.Networks.V1;

namespace Portal.Web.Features.Networks.Dialogs;

/// <summary>The subnet of one family in the form of a new network; all fields empty to have one chosen.</summary>
public sealed class SubnetInput
{
    /// <summary>In CIDR form.</summary>
    public string Subnet { get; set; } = "";

    /// <summary>Empty for the first address of the subnet.</summary>
    public string Gateway { get; set; } = "";

    /// <summary>The part that addresses are given from, in CIDR form; empty for all of it.</summary>
    public string Range { get; set; } = "";

    /// <summary>Checks all fields.</summary>
    /// <param name="name">What the errors are called by: <c>name.Subnet</c>, ...</param>
    /// <param name="family">Which addresses it must have.</param>
    /// <param name="errors">Where to put what is wrong.</param>
    /// <returns>What to ask for; null to have a subnet chosen, or when something is wrong.</returns>
    public SubnetConfig? Check(string name, AddressFamily family, Dictionary<string, string> errors)
    {
        var (subnet, gateway, range) = (Subnet.Trim(), Gateway.Trim(), Range.Trim());
        if (subnet.Length == 0)
        {
            if (gateway.Length + range.Length > 0)
            {
                errors[$"{name}.{nameof(Subnet)}"] = T("A gateway or a range needs a subnet that it is in.");
            }

            return null;
        }

        var known = errors.Count;
        if (!TryParse(subnet, family, out var network))
        {
            errors[$"{name}.{nameof(Subnet)}"] = family == AddressFamily.InterNetwork
                ? T("Write the first address and the length of its prefix, such as 10.20.0.0/24.")
                : T("Write the first address and the length of its prefix, such as fd00:20::/64.");
        }
        else
        {
            if (gateway.Length > 0 && !(IPAddress.TryParse(gateway, out var address) && network.Contains(address)))
            {
                errors[$"{name}.{nameof(Gateway)}"] = T("Write an address within {0}.", subnet);
            }

            if (range.Length > 0
                && !(TryParse(range, family, out var part)
                    && part.PrefixLength >= network.PrefixLength
                    && network.Contains(part.BaseAddress)))
            {
                errors[$"{name}.{nameof(Range)}"] = T("Write a part of {0}, such as {1}.", subnet, $"{network.BaseAddress}/{network.PrefixLength + 1}");
            }
        }

        return errors.Count > known ? null : new SubnetConfig { Subnet = subnet, Gateway = gateway, IpRange = range };
    }

    // The parser forgives bits behind the prefix, which the engine refuses.
    private static bool TryParse(string text, AddressFamily family, out IPNetwork network) =>
        IPNetwork.TryParse(text, out network)
        && network.BaseAddress.AddressFamily == family
        && network.BaseAddress.Equals(IPAddress.Parse(text[..text.IndexOf('/', StringComparison.Ordinal)]));
}
