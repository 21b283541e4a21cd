using System.Text;
using Portal.Engine.Containers.Lifecycle;
using Portal.Engine.Networks;
using Portal.Engine.Runtime;

namespace Portal.Engine.Containers.Files;

/// <summary>The files about names that every container gets from the engine: hosts, hostname, resolv.conf.</summary>
internal static class NetworkFiles
{
    private const UnixFileMode ForAll =
        UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    private const string HostResolverPath = "/etc/resolv.conf";

    // systemd-resolved keeps the real servers here, while the host's own file names a stub on loopback.
    private const string UplinkResolverPath = "/run/systemd/resolve/resolv.conf";

    /// <summary>Writes the container's files. Written anew at each start, in place, since they may be mounted already.</summary>
    /// <param name="container">The container.</param>
    /// <param name="sandbox">Its place on the network.</param>
    /// <param name="linked">Addresses and names of the containers that it is linked to.</param>
    public static void Write(Container container, NetworkSandbox? sandbox, IReadOnlyList<LinkedName> linked)
    {
        var spec = container.Spec;
        var sharesHost = spec.NetworkMode == "host";
        var endpoint = sandbox?.Endpoints.FirstOrDefault();
        var hosts = HostsFile.Write(
            spec,
            [.. new[] { endpoint?.Address, endpoint?.Address6 }.OfType<string>().Where(address => address.Length > 0)],
            string.IsNullOrEmpty(endpoint?.Gateway) ? "127.0.0.1" : endpoint.Gateway,

            // As with Docker, further hosts replace the host's own file.
            sharesHost && spec.ExtraHosts.Count == 0 ? ReadHost("/etc/hosts") : null,
            linked);
        WriteFile(container.Folder.Hosts, hosts);
        WriteFile(container.Folder.Hostname, spec.Hostname + "\n");
        var hasIpv6 = sandbox?.Endpoints.Any(other => other.HasDefaultRoute6) ?? false;
        var resolver = ResolverFile.Write(spec, HostResolver(sharesHost), sharesHost, NameServerOf(sandbox), hasIpv6);
        WriteFile(container.Folder.ResolvConf, resolver);
    }

    /// <summary>The mounts that show them in the container, so far as nothing of its own is mounted there.</summary>
    /// <param name="container">The container.</param>
    /// <param name="owner">The container whose network, and so whose files, it uses: mostly itself.</param>
    public static IEnumerable<RuntimeMount> Mounts(Container container, Container owner)
    {
        (string Source, string Destination)[] files =
        [
            (owner.Folder.ResolvConf, "/etc/resolv.conf"),
            (owner.Folder.Hostname, "/etc/hostname"),
            (owner.Folder.Hosts, "/etc/hosts"),
        ];

        // What is mounted on a read-only root by the engine is no way to write either.
        var access = container.Spec.ReadOnlyRoot ? "ro" : "rw";
        return files
            .Where(file => container.Config.Mounts.All(mount => mount.Destination != file.Destination))
            .Select(file => new RuntimeMount("bind", file.Source, file.Destination, ["rbind", "rprivate", access]) { BelongsToRoot = true });
    }

    /// <summary>User-defined networks have a name server, which asks others about what it does not know.</summary>
    private static string? NameServerOf(NetworkSandbox? sandbox)
    {
        var named = sandbox?.Endpoints.FirstOrDefault(endpoint => endpoint.NetworkName != "bridge");

        // A sandbox of an engine before this field had its server at the gateway.
        return named is null ? null : named.NameServer.Length > 0 ? named.NameServer : named.Gateway;
    }

    private static string HostResolver(bool sharesHost)
    {
        var text = ReadHost(HostResolverPath);
        var stubOnly = !sharesHost && text.Contains("nameserver 127.0.0.53", StringComparison.Ordinal);
        return stubOnly && File.Exists(UplinkResolverPath) ? ReadHost(UplinkResolverPath) : text;
    }

    private static string ReadHost(string path) => File.Exists(path) ? File.ReadAllText(path) : "";

    private static void WriteFile(string path, string text)
    {
        File.WriteAllText(path, text, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
        File.SetUnixFileMode(path, ForAll);
    }
}
