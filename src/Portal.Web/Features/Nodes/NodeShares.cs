using Portal.Contracts.Hubs;

namespace Portal.Web.Features.Nodes;

/// <summary>How full a node is, from 0 to 1; null when that is not known.</summary>
internal static class NodeShares
{
    public static double? Memory(NodeSample? sample) => Share(sample?.MemoryUsedBytes, sample?.MemoryTotalBytes);

    public static double? Disk(NodeSample? sample) => Share(sample?.DiskUsedBytes, sample?.DiskTotalBytes);

    private static double? Share(long? used, long? total) => used is { } part && total is > 0 ? (double)part / total.Value : null;
}
