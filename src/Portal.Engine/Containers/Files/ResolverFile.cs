using System.Net;
using System.Text;

namespace Portal.Engine.Containers.Files;

/// <summary>Writes what a container sees as <c>/etc/resolv.conf</c> (resolv.conf(5)).</summary>
internal static class ResolverFile
{
    // Docker's fallback for a host whose only resolver is one on loopback that no container can reach.
    private static readonly string[] s_fallback = ["8.8.8.8", "8.8.4.4"];
    private static readonly char[] s_blank = [' ', '\t'];

    /// <param name="spec">The container.</param>
    /// <param name="hostFile">The host's own file.</param>
    /// <param name="sharesHostNetwork">True when loopback is the host's, so that its resolvers there can be reached.</param>
    /// <param name="nameServer">The name server of its network, which asks the host's itself; null when there is none.</param>
    public static string Write(ContainerSpec spec, string hostFile, bool sharesHostNetwork, string? nameServer = null)
    {
        var lines = hostFile.Split('\n').Select(line => line.Split(s_blank, StringSplitOptions.RemoveEmptyEntries)).ToArray();
        var text = new StringBuilder();
        foreach (var server in nameServer is not null && spec.Dns.Count == 0 ? [nameServer] : Servers(spec, Values(lines, "nameserver"), sharesHostNetwork))
        {
            text.Append("nameserver ").Append(server).Append('\n');
        }

        Append(text, "search", spec.DnsSearch.Count > 0 ? spec.DnsSearch : LastOf(lines, "search"));
        Append(text, "options", spec.DnsOptions.Count > 0 ? spec.DnsOptions : LastOf(lines, "options"));
        return text.ToString();
    }

    private static IEnumerable<string> Servers(ContainerSpec spec, IEnumerable<string> host, bool sharesHostNetwork)
    {
        if (spec.Dns.Count > 0)
        {
            return spec.Dns;
        }

        var usable = host.Where(server => sharesHostNetwork || IsReachable(server)).ToArray();
        return usable.Length > 0 ? usable : s_fallback;
    }

    // Containers have no IPv6 yet, and a link-local server needs a zone that is not theirs.
    private static bool IsReachable(string server)
    {
        return IPAddress.TryParse(server, out var address)
            && address.AddressFamily == System.Net.Sockets.AddressFamily.InterNetwork
            && !IPAddress.IsLoopback(address);
    }

    private static IEnumerable<string> Values(string[][] lines, string keyword)
    {
        return lines.Where(line => line.Length > 1 && line[0] == keyword).Select(line => line[1]);
    }

    // Of several such lines the last one counts.
    private static string[] LastOf(string[][] lines, string keyword)
    {
        return lines.LastOrDefault(line => line.Length > 1 && line[0] == keyword)?[1..] ?? [];
    }

    private static void Append(StringBuilder text, string keyword, IReadOnlyList<string> values)
    {
        // A single dot asks for no search domain at all.
        if (values.Count > 0 && values is not ["."])
        {
            text.Append(keyword).Append(' ').AppendJoin(' ', values).Append('\n');
        }
    }
}
