using System.Globalization;
using Grpc.Core;
using Grpc.Wire;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Grpc.AspNetCore.Server.Internal;

/// <summary>Writes the end of a call: status, text, and trailers.</summary>
internal static class StatusWriter
{
    /// <summary>Writes into the trailers, or into the headers when nothing was sent before ("trailers-only").</summary>
    public static void Write(HttpContext http, bool trailersOnly, Status status, Metadata trailers)
    {
        var target = trailersOnly ? http.Response.Headers : http.Features.Get<IHttpResponseTrailersFeature>()?.Trailers;
        if (target is null || target.IsReadOnly)
        {
            return;
        }

        foreach (var entry in trailers)
        {
            if (!GrpcHeaders.IsReserved(entry.Key))
            {
                target.Append(entry.Key, MetadataFormat.Encode(entry));
            }
        }

        target[GrpcHeaders.Status] = ((int)status.StatusCode).ToString(CultureInfo.InvariantCulture);
        if (status.Detail.Length > 0)
        {
            target[GrpcHeaders.Message] = PercentEncoding.Encode(status.Detail);
        }
    }
}
