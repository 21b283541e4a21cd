using System.Net;
using Grpc.Core;
using Grpc.Wire;

namespace Grpc.Net.Client.Internal;

/// <summary>Makes the request of a call.</summary>
internal static class RequestHead
{
    private const string UserAgent = "grpc-portal/0.1";

    public static HttpRequestMessage Create(Uri uri, string? host, Metadata? metadata, string? timeout, HttpContent content)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, uri)
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = content,
        };
        var headers = request.Headers;
        content.Headers.TryAddWithoutValidation("content-type", GrpcHeaders.ContentType);
        headers.Host = host;
        headers.TryAddWithoutValidation("te", "trailers");
        headers.TryAddWithoutValidation(GrpcHeaders.AcceptEncoding, MessageCompression.Accepted);
        if (timeout is not null)
        {
            headers.TryAddWithoutValidation(GrpcHeaders.Timeout, timeout);
        }

        var userAgent = UserAgent;
        foreach (var entry in metadata ?? [])
        {
            if (entry.Key == "user-agent")
            {
                userAgent = $"{entry.Value} {UserAgent}";
            }
            else if (!GrpcHeaders.IsReserved(entry.Key))
            {
                headers.TryAddWithoutValidation(entry.Key, MetadataFormat.Encode(entry));
            }
        }

        headers.TryAddWithoutValidation("user-agent", userAgent);
        return request;
    }
}
