using Portal.Web.Features.Containers;

namespace Portal.Web.Features.Logs;

/// <summary>A container whose log is looked at.</summary>
/// <param name="Container">The container.</param>
/// <param name="NodeName">Its node, for people.</param>
/// <param name="IsAlive">False when it has ended, or never began.</param>
public sealed record LogSource(ContainerKey Container, string NodeName, bool IsAlive)
{
    /// <summary>What stays when the container is made anew: its node and its name.</summary>
    public string Identity => $"{Container.NodeId}/{Container.Name}";
}
