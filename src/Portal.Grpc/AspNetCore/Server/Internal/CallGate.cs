using Grpc.Core;
using Grpc.Wire;
using Microsoft.AspNetCore.Http;

namespace Grpc.AspNetCore.Server.Internal;

/// <summary>Lets only requests that speak gRPC over HTTP/2 or later reach a handler.</summary>
internal static class CallGate
{
    public static bool TryAccept(HttpContext http)
    {
        if (!GrpcHeaders.IsGrpcContentType(http.Request.ContentType))
        {
            http.Response.StatusCode = StatusCodes.Status415UnsupportedMediaType;
            return false;
        }

        http.Response.ContentType = GrpcHeaders.ContentType;
        if (HttpProtocol.IsHttp2(http.Request.Protocol) || HttpProtocol.IsHttp3(http.Request.Protocol))
        {
            return true;
        }

        http.Response.StatusCode = StatusCodes.Status426UpgradeRequired;
        var status = new Status(StatusCode.Internal, $"Request protocol '{http.Request.Protocol}' is not supported.");
        StatusWriter.Write(http, trailersOnly: true, status, []);
        return false;
    }
}
