using System.Globalization;
using Portal.Contracts.Networks.V1;
using Portal.Data.Entities.Overlays;

namespace Portal.Web.Features.Overlays;

/// <summary>Ports of every node as they are kept and written: <c>8080/tcp,53/udp</c>.</summary>
internal static class OverlayPorts
{
    public static IReadOnlyList<string> Of(OverlayNetwork network) => Read(network.Ports);

    public static IReadOnlyList<string> Read(string ports) => ports.Split(',', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>One after another whatever order they came in: what is the same is written the same.</summary>
    public static string Write(IEnumerable<string> ports) =>
        string.Join(',', ports.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal));

    public static IngressPort Parse(string port)
    {
        var parts = port.Split('/');
        return new IngressPort { Port = int.Parse(parts[0], CultureInfo.InvariantCulture), Protocol = parts[1] };
    }

    public static string Write(IngressPort port) => Write(port.Port, port.Protocol);

    public static string Write(int port, string protocol) => string.Create(CultureInfo.InvariantCulture, $"{port}/{protocol}");
}
