using Grpc.Core;

namespace Portal.Web.Nodes.Link;

internal sealed partial class NodeLinks
{
    [LoggerMessage(2110, LogLevel.Information, "Node {NodeId} has linked.")]
    private partial void LogUp(Guid nodeId);

    [LoggerMessage(2111, LogLevel.Information, "The link of node {NodeId} has ended.")]
    private partial void LogDown(Guid nodeId);

    [LoggerMessage(2112, LogLevel.Information, "Node {NodeId} gave no answer over its link ({Status}); the link is cut.")]
    private partial void LogNoAnswer(Guid nodeId, StatusCode status);
}
