using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using Grpc.Core;
using Grpc.Wire;

namespace Grpc.Net.Client.Internal;

/// <summary>Reads what surrounds the messages of a response: its headers, and the status with its trailers.</summary>
internal static class ResponseHead
{
    private const int HighestStatusCode = (int)StatusCode.Unauthenticated;

    public static Metadata ReadMetadata(HttpResponseMessage response) => ReadMetadata(response.Headers.NonValidated);

    public static string? GetEncoding(HttpResponseMessage response) =>
        response.Headers.NonValidated.TryGetValues(GrpcHeaders.Encoding, out var values) ? values.ToString() : null;

    /// <summary>Whether the call ended with its headers: by a status in them, or because they are not gRPC's.</summary>
    public static bool TryReadEnd(HttpResponseMessage response, out Status status, out Metadata trailers)
    {
        trailers = [];
        if (TryReadStatus(response.Headers.NonValidated, out status))
        {
            trailers = ReadMetadata(response);
            return true;
        }

        if (response.StatusCode != HttpStatusCode.OK)
        {
            status = new Status(
                StatusMapping.FromHttp(response.StatusCode),
                $"Bad gRPC response. HTTP status code: {(int)response.StatusCode}");
            return true;
        }

        var contentType = response.Content.Headers.NonValidated.TryGetValues("content-type", out var values)
            ? values.ToString()
            : null;
        if (!GrpcHeaders.IsGrpcContentType(contentType))
        {
            status = new Status(StatusCode.Unknown, $"Bad gRPC response. Invalid content-type value: {contentType}");
            return true;
        }

        return false;
    }

    public static (Status Status, Metadata Trailers) ReadTrailers(HttpResponseMessage response)
    {
        var headers = response.TrailingHeaders.NonValidated;
        return TryReadStatus(headers, out var status)
            ? (status, ReadMetadata(headers))
            : (new Status(StatusCode.Unknown, "No grpc-status found on response."), ReadMetadata(headers));
    }

    private static bool TryReadStatus(HttpHeadersNonValidated headers, out Status status)
    {
        status = default;
        if (!headers.TryGetValues(GrpcHeaders.Status, out var values))
        {
            return false;
        }

        var detail = headers.TryGetValues(GrpcHeaders.Message, out var message)
            ? PercentEncoding.Decode(message.ToString())
            : "";
        var text = values.ToString();
        status = int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var code)
            && code <= HighestStatusCode
            ? new Status((StatusCode)code, detail)
            : new Status(StatusCode.Unknown, $"Unexpected grpc-status value: {text}. {detail}");
        return true;
    }

    private static Metadata ReadMetadata(HttpHeadersNonValidated headers)
    {
        var metadata = new Metadata();
        foreach (var (name, values) in headers)
        {
            if (GrpcHeaders.IsReserved(name))
            {
                continue;
            }

            foreach (var value in values)
            {
                MetadataFormat.Add(metadata, name, value);
            }
        }

        return metadata;
    }
}
