using System.Net;
using System.Net.Sockets;
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
    /// <param name="nameServer">
    /// The name server of its network, which asks the container's own or the host's itself; null when there is none.
    /// </param>
    /// <param name="hasIpv6">True when servers with IPv6 addresses can be reached.</param>
    public static string Write(
        ContainerSpec spec, string hostFile, bool sharesHostNetwork, string? nameServer = null, bool hasIpv6 = false)
    {
        var lines = hostFile.Split('\n').Select(line => line.Split(s_blank, StringSplitOptions.RemoveEmptyEntries)).ToArray();
        var text = new StringBuilder();
        var servers = nameServer is not null ? [nameServer] : Servers(spec, Values(lines, "nameserver"), sharesHostNetwork, hasIpv6);
        foreach (var server in servers)
        {
            text.Append("nameserver ").Append(server).Append('\n');
        }

        Append(text, "search", spec.DnsSearch.Count > 0 ? spec.DnsSearch : LastOf(lines, "search"));
        Append(text, "options", Options(spec.DnsOptions.Count > 0 ? spec.DnsOptions : LastOf(lines, "options"), nameServer is not null));
        return text.ToString();
    }

    private static IEnumerable<string> Servers(ContainerSpec spec, IEnumerable<string> host, bool sharesHostNetwork, bool hasIpv6)
    {
        if (spec.Dns.Count > 0)
        {
            return spec.Dns;
        }

        var usable = host.Where(server => sharesHostNetwork || IsReachable(server, hasIpv6)).ToArray();
        return usable.Length > 0 ? usable : s_fallback;
    }

    // As Docker does: a container's name is asked for as it stands before any search domain is put behind it.
    private static IReadOnlyList<string> Options(IReadOnlyList<string> options, bool hasNames)
    {
        var isGiven = options.Any(option => option.StartsWith("ndots:", StringComparison.Ordinal));
        return hasNames && !isGiven ? [.. options, "ndots:0"] : options;
    }

    // A link-local server needs a zone that is not the container's.
    private static bool IsReachable(string server, bool hasIpv6)
    {
        return IPAddress.TryParse(server, out var address)
            && (address.AddressFamily == AddressFamily.InterNetwork || (hasIpv6 && !address.IsIPv6LinkLocal))
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
