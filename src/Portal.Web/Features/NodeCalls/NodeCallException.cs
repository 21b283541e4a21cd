using Grpc.Core;

namespace Portal.Web.Features.NodeCalls;

/// <summary>A call to a node failed; the message is the node's own, written for the user.</summary>
public sealed class NodeCallException(StatusCode statusCode, string message, Exception? innerException = null)
    : Exception(message, innerException)
{
    public StatusCode StatusCode { get; } = statusCode;

    /// <summary>From a gRPC failure; one that no person could read is put in words.</summary>
    public static NodeCallException From(RpcException failure, string nodeName)
    {
        var message = failure.StatusCode switch
        {
            StatusCode.Unavailable when string.IsNullOrEmpty(failure.Status.Detail) =>
                $"The node '{nodeName}' does not answer. Look at its page to see whether it is online, and try again.",
            StatusCode.DeadlineExceeded =>
                $"The node '{nodeName}' did not answer in time. What was asked may still happen; look again before you repeat it.",
            StatusCode.Cancelled => "This was cancelled.",
            StatusCode.PermissionDenied => $"The node '{nodeName}' refused this: {failure.Status.Detail}",
            StatusCode.Unimplemented =>
                $"The agent on '{nodeName}' is too old for this. Upgrade it and try again.",
            _ => failure.Status.Detail,
        };
        return new NodeCallException(failure.StatusCode, message, failure);
    }
}
