using Grpc.Core;

namespace Portal.Web.Nodes.Link;

/// <summary>Sends each call over the link that the node has at that moment, so that a client outlives a cut.</summary>
internal sealed class NodeCallInvoker(Guid nodeId, bool isPlacement, NodeLinks links, IFleet fleet) : CallInvoker
{
    public override TResponse BlockingUnaryCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request) =>
        Current.BlockingUnaryCall(method, host, options, request);

    public override AsyncUnaryCall<TResponse> AsyncUnaryCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request) =>
        Current.AsyncUnaryCall(method, host, options, request);

    public override AsyncServerStreamingCall<TResponse> AsyncServerStreamingCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request) =>
        Current.AsyncServerStreamingCall(method, host, options, request);

    public override AsyncClientStreamingCall<TRequest, TResponse> AsyncClientStreamingCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method, string? host, CallOptions options) =>
        Current.AsyncClientStreamingCall(method, host, options);

    public override AsyncDuplexStreamingCall<TRequest, TResponse> AsyncDuplexStreamingCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method, string? host, CallOptions options) =>
        Current.AsyncDuplexStreamingCall(method, host, options);

    private CallInvoker Current => isPlacement && fleet.Current.Nodes.TryGetValue(nodeId, out var node) && !node.TakesPlacements
        ? throw new RpcException(new Status(StatusCode.FailedPrecondition, DescribeDuty(node)))
        : links.TryGet(nodeId, out var link) && !link.Ended.IsCompleted
        ? link.Invoker
        : throw new RpcException(new Status(StatusCode.Unavailable, DescribeOffline()));

    private static string DescribeDuty(NodeState node)
    {
        var state = node.Duty == NodeDuty.Maintenance ? "in maintenance" : "drained";
        var reason = node.DutyNote.Length == 0 ? "" : $" ({node.DutyNote})";
        return E("Node '{0}' is {1}{2} and takes no new containers and images. "
            + "Choose another, or put it back into service.", node.Name, state, reason);
    }

    private string DescribeOffline()
    {
        return fleet.Current.Nodes.TryGetValue(nodeId, out var node)
            ? E("Node '{0}' is offline. Its containers run on; try again when it is back.", node.Name)
            : N("There is no such node any more.");
    }
}
