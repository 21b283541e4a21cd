using System.Net;

namespace Portal.Engine.Api.Routing;

/// <summary>The names by which requests over TCP may call this host.</summary>
internal sealed class DockerHostNames(IEnumerable<string> names)
{
    private readonly HashSet<string> _names = new([.. names, "localhost", Environment.MachineName], StringComparer.OrdinalIgnoreCase);

    /// <summary>True for one of the names and for any address: a browser sends an address only where the address itself was opened.</summary>
    public bool Contains(string host) => IPAddress.TryParse(host.Trim('[', ']'), out _) || _names.Contains(host);
}
