using System.Net;

namespace Portal.Engine.Networks.Dns;

/// <summary>A container that asks for names.</summary>
/// <param name="Networks">The names of each network that it is on.</param>
/// <param name="Name">What its address is called in reverse look-ups.</param>
/// <param name="ReachesOut">True when it has a way out: the others' questions stay inside too.</param>
internal sealed record NameClient(Dictionary<string, NameEntry>[] Networks, string Name, bool ReachesOut)
{
    /// <summary>Servers that it wants to be asked in the place of the host's own.</summary>
    public IReadOnlyList<IPAddress> Servers { get; init; } = [];

    /// <summary>The addresses of a name; null when no container on its networks has it.</summary>
    public NameEntry? Find(string name)
    {
        NameEntry? found = null;
        foreach (var network in Networks)
        {
            if (network.TryGetValue(name, out var entry))
            {
                found = found is null ? entry : found.With(entry);
            }
        }

        return found;
    }
}
