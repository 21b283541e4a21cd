using Portal.Compose.Model;
using Portal.Compose.Problems;
using Portal.Compose.Schema;

namespace Portal.Compose.Loading;

/// <summary>Two services, or two containers of one, can't publish the same port of one host.</summary>
internal static class PortConflicts
{
    public static void Check(IReadOnlyList<ComposeService> services, ProblemList problems, bool isSpread)
    {
        var taken = new List<(ServicePort Port, string Service)>();
        foreach (var service in services)
        {
            foreach (var port in service.Ports.Where(port => PortForm.Range(port.Published) is { } range && range.First == range.Last))
            {
                var mark = (service.Definition["ports"] ?? service.Definition).Mark;
                var key = $"services.{service.Name}.ports";
                if (taken.Find(other => Conflicts(other.Port, port)) is { Service: { } other } && other != service.Name)
                {
                    problems.Error(mark, key, $"The service '{other}' publishes port {port.Published}/{port.Protocol} too.");
                }
                else if (service.Replicas > 1 && !isSpread)
                {
                    problems.Error(mark, key, $"{service.Replicas} containers can't publish the one port {port.Published}/{port.Protocol}; "
                        + "give a range, or no port of the host.");
                }

                taken.Add((port, service.Name));
            }
        }
    }

    private static bool Conflicts(ServicePort one, ServicePort other) =>
        one.Published == other.Published
        && one.Protocol == other.Protocol
        && (one.HostIp == other.HostIp || IsEvery(one.HostIp) || IsEvery(other.HostIp));

    private static bool IsEvery(string address) => address is "" or "0.0.0.0" or "::";
}
