using System.Net.Sockets;
using Portal.Contracts.Networks.V1;

namespace Portal.Web.Features.Networks.Dialogs;

/// <summary>What the form of a new network holds, and the request that it stands for.</summary>
public sealed class NetworkInput
{
    public string Name { get; set; } = "";

    /// <summary>bridge, macvlan or ipvlan.</summary>
    public string Driver { get; set; } = "bridge";

    public bool EnableIpv4 { get; set; } = true;

    public bool EnableIpv6 { get; set; }

    public SubnetInput Ipv4 { get; } = new();

    public SubnetInput Ipv6 { get; } = new();

    public bool Internal { get; set; }

    public bool Attachable { get; set; }

    /// <summary>Of macvlan and ipvlan: the interface of the host that they hang on; empty for one without a way out.</summary>
    public string Parent { get; set; } = "";

    /// <summary>Of macvlan and ipvlan: their mode; empty for the default.</summary>
    public string Mode { get; set; } = "";

    /// <summary>key=value, one a line.</summary>
    public string Options { get; set; } = "";

    /// <summary>key or key=value, one a line.</summary>
    public string Labels { get; set; } = "";

    /// <summary>Whether it hangs on an interface of the host.</summary>
    public bool HasParent => Driver is "macvlan" or "ipvlan";

    /// <summary>Checks all fields.</summary>
    /// <returns>What is wrong by field; empty when <paramref name="request"/> can be sent.</returns>
    public Dictionary<string, string> Check(out CreateNetworkRequest request)
    {
        var errors = new Dictionary<string, string>(StringComparer.Ordinal);
        request = new CreateNetworkRequest
        {
            Name = Name.Trim(),
            Driver = Driver,
            EnableIpv4 = EnableIpv4,
            EnableIpv6 = EnableIpv6,
            Internal = Internal,
            Attachable = Attachable,
        };
        if (!IsName(request.Name))
        {
            errors[nameof(Name)] = T("1 to 128 letters, digits, '.', '_' and '-'; the first a letter or digit.");
        }

        if (!EnableIpv4 && !EnableIpv6)
        {
            errors[nameof(EnableIpv4)] = T("Choose at least one family of addresses.");
        }

        if (EnableIpv4 && Ipv4.Check(nameof(Ipv4), AddressFamily.InterNetwork, errors) is { } ipv4)
        {
            request.Subnets.Add(ipv4);
        }

        if (EnableIpv6 && Ipv6.Check(nameof(Ipv6), AddressFamily.InterNetworkV6, errors) is { } ipv6)
        {
            request.Subnets.Add(ipv6);
        }

        foreach (var (key, value) in Lines(Options, nameof(Options), errors))
        {
            request.Options[key] = value;
        }

        if (HasParent && Parent.Trim().Length > 0)
        {
            request.Options["parent"] = Parent.Trim();
        }

        if (HasParent && Mode.Length > 0)
        {
            request.Options[$"{Driver}_mode"] = Mode;
        }

        foreach (var (key, value) in Lines(Labels, nameof(Labels), errors))
        {
            request.Labels[key] = value;
        }

        return errors;
    }

    private static bool IsName(string name) =>
        name.Length is >= 1 and <= 128 && char.IsAsciiLetterOrDigit(name[0])
        && name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '.' or '_' or '-');

    private static List<(string Key, string Value)> Lines(string text, string field, Dictionary<string, string> errors)
    {
        var pairs = new List<(string Key, string Value)>();
        foreach (var line in text.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var at = line.IndexOf('=', StringComparison.Ordinal);
            if (at == 0)
            {
                errors[field] = T("'{0}' has no key: write key=value, one a line.", line);
            }
            else
            {
                pairs.Add(at < 0 ? (line, "") : (line[..at], line[(at + 1)..]));
            }
        }

        return pairs;
    }
}
