namespace Portal.Engine.Networks.Drivers;

/// <summary>
/// Network namespaces (network_namespaces(7)) that outlive the process which made them, held under
/// <c>RunRoot/netns/ID</c>. No thread of the caller ever changes its namespace.
/// </summary>
public interface INetworkNamespaces
{
    /// <summary>Makes a namespace in which only the loopback interface is up; replaces a leftover of the same id.</summary>
    /// <param name="id">A container's id: letters and digits only.</param>
    /// <param name="userNamespace">
    /// Path of the user namespace to which it belongs, so that root in there may configure it; null for the host's.
    /// </param>
    /// <returns>A path for setns(2).</returns>
    string Create(string id, string? userNamespace = null);

    /// <summary>The path that a namespace has when it is there.</summary>
    string PathOf(string id);

    /// <summary>The path of a namespace that is there, or null.</summary>
    string? Find(string id);

    /// <summary>Lets go of a namespace; the kernel ends it when no process is left in it. Does nothing when there is none.</summary>
    void Remove(string id);

    /// <summary>Ids of all that are held, with leftovers of crashes.</summary>
    IReadOnlyList<string> List();
}
