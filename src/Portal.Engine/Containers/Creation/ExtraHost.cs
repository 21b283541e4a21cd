using System.Net;

namespace Portal.Engine.Containers.Creation;

/// <summary>A line for <c>/etc/hosts</c> as users write it: <c>name:address</c> or <c>name:host-gateway</c>.</summary>
internal readonly record struct ExtraHost(string Name, string Address)
{
    /// <summary>Stands for the host, as the container reaches it.</summary>
    public const string HostGateway = "host-gateway";

    public static bool TryParse(string text, out ExtraHost host)
    {
        // An IPv6 address has colons itself, so the first separator counts; it may also be '='.
        var separator = text.IndexOfAny([':', '=']);
        host = default;
        if (separator < 1)
        {
            return false;
        }

        var name = text[..separator];
        var address = text[(separator + 1)..].Trim('[', ']');
        if (name.Any(digit => char.IsWhiteSpace(digit) || char.IsControl(digit))
            || (address != HostGateway && !IPAddress.TryParse(address, out _)))
        {
            return false;
        }

        host = new ExtraHost(name, address);
        return true;
    }
}
