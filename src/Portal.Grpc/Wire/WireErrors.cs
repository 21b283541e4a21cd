using Grpc.Core;

namespace Grpc.Wire;

/// <summary>The failures that come from what a peer sent.</summary>
internal static class WireErrors
{
    public static RpcException ReceivedTooLarge =>
        new(new Status(StatusCode.ResourceExhausted, "Received message exceeds the maximum configured message size."));

    public static RpcException Internal(string detail, Exception? cause = null) =>
        new(new Status(StatusCode.Internal, detail, cause));
}
