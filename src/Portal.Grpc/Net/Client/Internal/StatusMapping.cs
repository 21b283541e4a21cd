using System.Net;
using System.Net.Sockets;
using Grpc.Core;
using Grpc.Wire;

namespace Grpc.Net.Client.Internal;

/// <summary>What gRPC calls the failures of HTTP (http-grpc-status-mapping.md, and "Errors" in PROTOCOL-HTTP2.md).</summary>
internal static class StatusMapping
{
    public static StatusCode FromHttp(HttpStatusCode code) => code switch
    {
        HttpStatusCode.BadRequest => StatusCode.Internal,
        HttpStatusCode.Unauthorized => StatusCode.Unauthenticated,
        HttpStatusCode.Forbidden => StatusCode.PermissionDenied,
        HttpStatusCode.NotFound => StatusCode.Unimplemented,
        HttpStatusCode.TooManyRequests
            or HttpStatusCode.BadGateway
            or HttpStatusCode.ServiceUnavailable
            or HttpStatusCode.GatewayTimeout => StatusCode.Unavailable,
        _ => StatusCode.Unknown,
    };

    public static Status FromException(Exception exception)
    {
        if (exception is RpcException rpc)
        {
            return rpc.Status;
        }

        for (var cause = exception; cause is not null; cause = cause.InnerException)
        {
            if (cause is HttpProtocolException protocol)
            {
                var mapped = IsStreamReset(protocol)
                    ? FromHttp2((Http2Errors)protocol.ErrorCode)
                    : StatusCode.Unavailable;
                return new Status(mapped, Describe(exception), exception);
            }
        }

        var code = exception switch
        {
            HttpRequestException { HttpRequestError: HttpRequestError.VersionNegotiationError } => StatusCode.Internal,
            OperationCanceledException { InnerException: TimeoutException } => StatusCode.Unavailable,
            OperationCanceledException => StatusCode.Cancelled,
            HttpRequestException or IOException or SocketException or ObjectDisposedException => StatusCode.Unavailable,
            _ => StatusCode.Internal,
        };
        return new Status(code, Describe(exception), exception);
    }

    /// <summary>
    /// Whether the server ended this one stream, rather than the whole connection being lost (GOAWAY, an unanswered
    /// ping, nonsense in a frame). The exceptions of both are alike down to the error code and differ in nothing but
    /// their message, which the runtime does not translate; tests with real resets watch over the wording.
    /// </summary>
    private static bool IsStreamReset(HttpProtocolException exception) =>
        exception.Message.Contains("reset the stream", StringComparison.Ordinal);

    private static StatusCode FromHttp2(Http2Errors code) => code switch
    {
        Http2Errors.RefusedStream => StatusCode.Unavailable,
        Http2Errors.Cancel => StatusCode.Cancelled,
        Http2Errors.EnhanceYourCalm => StatusCode.ResourceExhausted,
        Http2Errors.InadequateSecurity => StatusCode.PermissionDenied,
        _ => StatusCode.Internal,
    };

    private static string Describe(Exception exception) => $"{exception.GetType().Name}: {exception.Message}";
}
