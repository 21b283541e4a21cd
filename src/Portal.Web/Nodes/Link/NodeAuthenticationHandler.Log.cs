namespace Portal.Web.Nodes.Link;

internal sealed partial class NodeAuthenticationHandler
{
    [LoggerMessage(2101, LogLevel.Warning, "Refused node {NodeId} from '{Address}': not joined, removed, or not its key.")]
    private static partial void LogRefused(ILogger logger, Guid nodeId, string address);
}
