using System.Globalization;
using Portal.Engine.Networks;

namespace Portal.Engine.Containers.Creation;

/// <summary>A port in Docker's form, <c>80</c> or <c>80/udp</c>.</summary>
internal readonly record struct ExposedPort(int Port, PortProtocol Protocol)
{
    public static bool TryParse(string text, out ExposedPort port)
    {
        var parts = text.Split('/');
        PortProtocol? protocol = parts.Length == 1 ? PortProtocol.Tcp : parts[1].ToLowerInvariant() switch
        {
            "tcp" => PortProtocol.Tcp,
            "udp" => PortProtocol.Udp,
            "sctp" => PortProtocol.Sctp,
            _ => null,
        };
        port = default;
        if (parts.Length > 2 || protocol is null
            || !int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            || number is < 1 or > 65535)
        {
            return false;
        }

        port = new ExposedPort(number, protocol.Value);
        return true;
    }
}
