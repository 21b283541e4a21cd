using System.Net;
using Portal.Contracts.Metrics;

namespace Portal.Agent.Metrics;

/// <summary>Where and to whom the agent tells its figures.</summary>
/// <param name="EndPoint">Where it listens.</param>
/// <param name="Access">Who may read.</param>
internal sealed record MetricsOptions(IPEndPoint EndPoint, MetricsAccess Access)
{
    /// <summary>Reads <c>PORTAL_METRICS</c>, <c>PORTAL_METRICS_TOKEN</c> and <c>PORTAL_METRICS_NETWORKS</c>; null when the agent is to offer none.</summary>
    /// <exception cref="InvalidDataException">A value can't be used.</exception>
    public static MetricsOptions? Read(Func<string, string?> get)
    {
        if (get("PORTAL_METRICS") is not { } address)
        {
            return null;
        }

        if (!IPEndPoint.TryParse(address, out var endPoint) || endPoint.Port == 0)
        {
            throw new InvalidDataException($"PORTAL_METRICS is '{address}'; it must be an address and a port, such as 127.0.0.1:9273.");
        }

        var (token, networks) = (get("PORTAL_METRICS_TOKEN") ?? "", get("PORTAL_METRICS_NETWORKS") ?? "");
        var access = MetricsAccess.Parse(token, networks, out var problem);
        if (problem is null && token.Length + networks.Length == 0)
        {
            problem = "PORTAL_METRICS is set and nobody may read it. Set PORTAL_METRICS_TOKEN, PORTAL_METRICS_NETWORKS or both.";
        }

        return problem is null ? new MetricsOptions(endPoint, access) : throw new InvalidDataException(problem);
    }
}
