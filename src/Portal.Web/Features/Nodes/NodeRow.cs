using Portal.Web.Nodes;

namespace Portal.Web.Features.Nodes;

/// <summary>A row of the list of nodes, with what it is sorted by.</summary>
internal sealed record NodeRow(NodeState Node)
{
    public Guid Id => Node.Id;

    public string Name => Node.Name;

    public string State => NodeTone.TextOf(Node);

    public string Environment => Node.Environment?.Name ?? "";

    public int Running { get; } = Node.Containers.Values.Count(container => container.State == "running");

    public double? Cpu => Node.Sample?.CpuShare;

    public double? Memory => NodeShares.Memory(Node.Sample);

    public double? Disk => NodeShares.Disk(Node.Sample);

    public string Version => Node.Facts?.AgentVersion ?? "";
}
