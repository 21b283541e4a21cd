using Grpc.Core;

namespace Portal.Web.Features.NodeCalls;

/// <summary>A call to a node failed; the message is the node's own or the portal's, in English.</summary>
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
                E("The node '{0}' does not answer. Look at its page to see whether it is online, and try again.", nodeName),
            StatusCode.DeadlineExceeded =>
                E("The node '{0}' did not answer in time. What was asked may still happen; look again before you repeat it.", nodeName),
            StatusCode.Cancelled => N("This was cancelled."),
            StatusCode.PermissionDenied => E("The node '{0}' refused this: {1}", nodeName, failure.Status.Detail),
            StatusCode.Unimplemented =>
                E("The agent on '{0}' is too old for this. Upgrade it and try again.", nodeName),
            _ => failure.Status.Detail,
        };
        return new NodeCallException(failure.StatusCode, message, failure);
    }
}
