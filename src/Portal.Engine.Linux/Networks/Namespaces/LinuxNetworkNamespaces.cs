using Portal.Engine.Errors;
using Portal.Engine.Hosting;
using Portal.Engine.Linux.Interop;
using Portal.Engine.Linux.Networks.Host;
using Portal.Engine.Linux.Networks.Links;
using Portal.Engine.Linux.UserNamespaces;
using Portal.Engine.Networks.Drivers;

namespace Portal.Engine.Linux.Networks.Namespaces;

/// <summary>Namespaces held by bind mounts of <c>/proc/thread-self/ns/net</c>, as ip-netns(8) does. Keeps no state.</summary>
internal sealed class LinuxNetworkNamespaces(EngineOptions options) : INetworkNamespaces
{
    private readonly string _folder = Path.Combine(Path.GetFullPath(options.RunRoot), "netns");

    public string Create(string id, string? userNamespace = null)
    {
        var path = PathOf(id);
        Directory.CreateDirectory(_folder);
        Remove(id);
        File.Create(path).Dispose();
        try
        {
            return userNamespace is null ? CreateHere(path) : CreateIn(userNamespace, path);
        }
        catch (Exception exception)
        {
            Remove(id);
            throw new EngineException(
                EngineErrorKind.Unavailable,
                $"Making the network namespace of container {id} failed: {exception.Message} "
                + "The engine needs CAP_SYS_ADMIN, and a kernel with network namespaces.",
                exception);
        }
    }

    private static string CreateHere(string path)
    {
        return NamespaceThread.RunInNew(() =>
        {
            NamespaceCalls.HoldOwnNetwork(path);
            Configure();
            return path;
        });
    }

    /// <summary>A network namespace belongs to the user namespace that its maker is in, and no thread of ours can be in another.</summary>
    private static string CreateIn(string userNamespace, string path)
    {
        NamespaceProcess.Run(["nsenter", $"--user={userNamespace}", "unshare", "--net"], process =>
        {
            NamespaceCalls.Hold($"{process}/ns/net", path);
            return true;
        });
        return NamespaceThread.Run(path, () =>
        {
            Configure();
            return path;
        });
    }

    public string PathOf(string id)
    {
        return id.Length > 0 && id.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_')
            ? Path.Combine(_folder, id)
            : throw EngineException.InvalidArgument($"'{id}' can't name a network namespace.");
    }

    public string? Find(string id)
    {
        var path = PathOf(id);
        return NamespaceCalls.IsNamespace(path) ? path : null;
    }

    public void Remove(string id)
    {
        var path = PathOf(id);
        while (NamespaceCalls.Release(path))
        {
            // A crash between two starts can leave one mount upon another; each is released.
        }

        if (Directory.Exists(_folder))
        {
            File.Delete(path);
        }
    }

    public IReadOnlyList<string> List()
    {
        return Directory.Exists(_folder) ? [.. new DirectoryInfo(_folder).EnumerateFiles().Select(file => file.Name)] : [];
    }

    /// <summary>What Docker sets in every namespace of its own. A container's own settings come later and win.</summary>
    private static void Configure()
    {
        Sysctl.Set("net/ipv4/ip_unprivileged_port_start", "0");
        Sysctl.Set("net/ipv4/ping_group_range", "0\t2147483647");

        // Interfaces that come later have no IPv6 until a network gives them some; loopback keeps its ::1.
        Sysctl.SetWhereKnown("net/ipv6/conf/default/disable_ipv6", "1");
        using var routes = RouteSocket.Open();
        routes.SetUp(RouteConstants.LoopbackIndex);
    }
}
