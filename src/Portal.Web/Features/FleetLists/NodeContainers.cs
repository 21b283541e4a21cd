using Portal.Web.Nodes;

namespace Portal.Web.Features.FleetLists;

/// <summary>What the containers of a node mean to who shows the things that they use.</summary>
public static class NodeContainers
{
    /// <summary>Another number whenever a container came, went, started, stopped or was renamed.</summary>
    public static int Fingerprint(NodeState node)
    {
        var sum = 0;
        foreach (var (id, container) in node.Containers)
        {
            sum ^= HashCode.Combine(id, container.State, container.Name);
        }

        return sum;
    }
}
