using System.Text;
using Portal.Engine.Containers.Creation;

namespace Portal.Engine.Containers.Files;

/// <summary>Writes what a container sees as <c>/etc/hosts</c> (hosts(5)).</summary>
internal static class HostsFile
{
    private const string Standard =
        "127.0.0.1\tlocalhost\n"
        + "::1\tlocalhost ip6-localhost ip6-loopback\n"
        + "fe00::\tip6-localnet\n"
        + "ff00::\tip6-mcastprefix\n"
        + "ff02::1\tip6-allnodes\n"
        + "ff02::2\tip6-allrouters\n";

    /// <param name="spec">The container.</param>
    /// <param name="addresses">Its addresses.</param>
    /// <param name="hostGateway">What <c>host-gateway</c> stands for.</param>
    /// <param name="hostFile">The host's own file, for a container that shares its network; null for others.</param>
    /// <param name="linked">Addresses and names of the containers that it is linked to.</param>
    public static string Write(
        ContainerSpec spec, IReadOnlyList<string> addresses, string hostGateway, string? hostFile, IReadOnlyList<LinkedName> linked)
    {
        var text = new StringBuilder(hostFile ?? Standard);
        if (text.Length > 0 && text[^1] != '\n')
        {
            text.Append('\n');
        }

        foreach (var line in spec.ExtraHosts)
        {
            if (ExtraHost.TryParse(line, out var host))
            {
                var target = host.Address == ExtraHost.HostGateway ? hostGateway : host.Address;
                text.Append(target).Append('\t').Append(host.Name).Append('\n');
            }
        }

        foreach (var link in linked)
        {
            text.Append(link.Address).Append('\t').Append(link.Names).Append('\n');
        }

        foreach (var address in addresses)
        {
            text.Append(address).Append('\t').Append(Names(spec)).Append('\n');
        }

        return text.ToString();
    }

    // The whole name may be in the hostname, or in both: what is before its first dot is a name too.
    private static string Names(ContainerSpec spec)
    {
        var full = string.IsNullOrEmpty(spec.Domainname) ? spec.Hostname! : $"{spec.Hostname}.{spec.Domainname}";
        var dot = full.IndexOf('.', StringComparison.Ordinal);
        return dot <= 0 ? full : $"{full} {full[..dot]}";
    }
}
